/** The responses of Thingsee without their envelope. Unknown keys are kept, so that no data is lost. */
import * as v from 'valibot'
import { FieldError, wire } from '../../vocabulary/validation'
import { sentence } from '../../base/sentence'

/** Every body of success is `{"data": …}` [H0]. */
const data = wire(v.looseObject({ data: v.unknown() }))

/**
 * The body without its envelope. An answer without any body (204, which the vendor's own client takes for success [H4])
 * stays null.
 * @throws WireError when there is no data
 */
export const unwrap = (body: unknown): unknown => (body === null ? null : data(body).data)

/** The vendor's words: `{"statusCode", "error", "message"}` [H4]; a gateway of AWS sends `message` alone. */
export function reason(body: unknown): string | undefined {
  const { message, error } = v.is(v.looseObject({}), body) ? body : {}
  return [message, error].find((words): words is string => typeof words === 'string' && words !== '')
}

/** A number that the vendor writes as text in places: `"207"` [H0]. */
const decimal = v.union([v.number(), v.pipe(v.string(), v.decimal(), v.transform(Number))])

const nullableNumber = v.nullish(decimal)
const nullableText = v.nullish(v.string())

export const alertingThings = wire(v.looseObject({ alerting_tuids: v.array(v.string()) }))

export const alertCount = wire(v.looseObject({ alert_count: decimal }))

/** @param moment of the begin and the end; that an alert which goes on has no end, or null, is an assumption */
const alertsWith = <M extends v.GenericSchema<string, string>>(moment: M) =>
  wire(
    v.array(
      v.looseObject({
        tuid: v.string(),
        alert_type: v.string(),
        alerts: v.nullish(v.array(v.looseObject({ from: v.nullish(moment), to: v.nullish(moment) })), []),
      }),
    ),
  )

/** A date and time of day with nothing behind it. */
const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/

/** The vendor names no zone [H0]. UTC is an assumption, which `Z` tells JavaScript. */
const utc = v.pipe(
  v.string(),
  v.transform((moment) => (WITHOUT_ZONE.test(moment) ? `${moment}Z` : moment)),
)

export const thingAlerts = alertsWith(utc)
export const thingAlertsAsSent = alertsWith(v.string())

export type ThingAlerts = ReturnType<typeof thingAlerts>

/** All fields are nullable [H4]; lat and lon are text in the vendor's table and numbers in its sample [H0]. */
export const thing = wire(
  v.looseObject({
    battery_level: nullableNumber,
    timestamp: nullableNumber,
    location: v.nullish(v.looseObject({ lat: nullableNumber, lon: nullableNumber })),
    gateway_tuid: nullableText,
    version: nullableText,
  }),
)

/** The header of every message [H2, H3]; what is measured stands beside it. Times are Unix seconds with decimals. */
const message = v.looseObject({
  tsmId: decimal,
  tsmEv: nullableNumber,
  tsmTs: nullableNumber,
  tsmTuid: nullableText,
  tsmGw: nullableText,
  tsmDstTuid: nullableText,
  tsmGwTs: nullableNumber,
  tsmCloudTs: nullableNumber,
  tsmAp: v.optional(v.unknown()),
  deploymentGroupId: nullableText,
})

export type Message = v.InferOutput<typeof message>

export const messages = wire(v.array(message))

export const commands = wire(
  v.array(
    v.looseObject({
      tuid: nullableText,
      timestamp: nullableNumber,
      responsible: nullableText,
      command: message,
    }),
  ),
)

export type CommandRow = ReturnType<typeof commands>[number]

export const installations = wire(
  v.array(
    v.looseObject({
      tuid: nullableText,
      installation_status: v.string(),
      timestamp: nullableNumber,
      responsible: nullableText,
    }),
  ),
)

export const thingGroup = wire(v.looseObject({ group_id: nullableText, tuid: nullableText }))

/** No sample of the vendor; the shape is that of both its own clients [H4, H5]. */
export const groups = wire(v.array(v.looseObject({ group_id: v.string(), group_description: nullableText })))

/** As both clients of the vendor read it [H4, H5]. */
export const groupThings = wire(v.looseObject({ group_id: nullableText, tuids: v.array(v.string()) }))

/** Answers to writes: a success may have no body at all [H4]. */
export const installed = wire(v.nullable(v.looseObject({ tuid: nullableText, installation_status: nullableText })))

export const changedGroup = wire(v.nullable(v.looseObject({ group_id: nullableText })))

/** Left as it comes: by then the cloud has done what it was asked for. */
const flag = v.nullish(v.union([v.boolean(), v.number(), v.string()]))
const isFalse = (said: unknown): boolean => said === false || said === 0 || said === '0' || said === 'false'

const renaming = wire(v.nullable(v.looseObject({ group_id: nullableText, old: nullableText, renamed: flag })))
const deletion = wire(v.nullable(v.looseObject({ group_id: nullableText, deleted: flag })))

/** @throws FieldError when the answer says that the group kept its id */
export function renamedGroup(body: unknown): ReturnType<typeof renaming> {
  const answer = renaming(body)
  if (isFalse(answer?.renamed)) throw new FieldError(sentence`the cloud did not rename the group; check the old and the new group id`)
  return answer
}

/** @throws FieldError when the answer says that the group is still there */
export function deletedGroup(body: unknown): ReturnType<typeof deletion> {
  const answer = deletion(body)
  if (isFalse(answer?.deleted)) throw new FieldError(sentence`the cloud did not delete the group; check the group id`)
  return answer
}

/** The answer to `auth/client-token` [H0]. */
export const clientToken = wire(v.looseObject({ data: v.looseObject({ token: v.pipe(v.string(), v.nonEmpty()) }) }))
