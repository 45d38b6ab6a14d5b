/** Pickers for the form, and the test of an account. */
import * as v from 'valibot'
import { sentence, verbatim, type Sentence } from '../../base/sentence'
import { probe, type PickOption, type Picker } from '../../vocabulary/vendor'
import { inventory, sourcesOf } from './inventory'
import alarms from './operations/alarms'
import callbacks from './operations/callbacks'
import users from './operations/users'
import type { Inventory } from './wire'

const User = v.looseObject({ fname: v.nullish(v.string()), lname: v.nullish(v.string()) })

/** The user's name; the e-mail address is a credential and stays out. */
function nameOf(user: unknown): Sentence {
  if (Array.isArray(user)) return sentence`users: ${user.length}`
  const { fname, lname } = v.is(User, user) ? user : {}
  const name = [fname, lname].filter(Boolean).join(' ')
  return name === '' ? sentence`the user of the account` : verbatim(name)
}

export const connection = probe({ operation: users, params: {}, says: nameOf })

type Gateway = Inventory['gateways'][number]
type Sensor = Gateway['devices'][number]

/** Found by its title first; ids are numbers that nobody knows by heart. */
const option = (value: string, title: string | null | undefined, ...places: (string | null | undefined)[]): PickOption => ({
  value,
  label: title ? title : value,
  detail: [...places.filter(Boolean), value].join(' · '),
  ...(title ? { name: [...places.filter(Boolean), title].join(', ') } : {}),
})

const serialOf = ({ serial }: Gateway): string | undefined =>
  typeof serial === 'string' || typeof serial === 'number' ? String(serial) : undefined

const sensorsOf = (gateways: readonly Gateway[]): { gateway: Gateway; sensor: Sensor }[] =>
  gateways.flatMap((gateway) => gateway.devices.map((sensor) => ({ gateway, sensor })))

/** Only the id and the fields that a request gave are taken for certain; the other keys are not published [R0]. */
const Row = v.looseObject({ id: v.pipe(v.union([v.number(), v.string()]), v.transform(String)) })
const rowsOf = (list: unknown): v.InferOutput<typeof Row>[] =>
  (Array.isArray(list) ? (list as unknown[]) : []).flatMap((row) => {
    const read = v.safeParse(Row, row)
    return read.success ? [read.output] : []
  })
const words = (...values: readonly unknown[]): string =>
  values.filter((value) => typeof value === 'string' || typeof value === 'number').join(' ')

export const pickers = {
  'data-sources': {
    load: async (call) =>
      sourcesOf(await call(inventory, {})).map(({ id, title, kind, sensorTitle, gatewayTitle }) =>
        option(id, [sensorTitle, title ?? kind].filter(Boolean).join(': '), gatewayTitle),
      ),
  },
  gateways: { load: async (call) => (await call(inventory, {})).gateways.map(({ id, title }) => option(id, title)) },
  'gateway-serials': {
    load: async (call) =>
      (await call(inventory, {})).gateways.flatMap((gateway) => {
        const serial = serialOf(gateway)
        return serial === undefined ? [] : [option(serial, gateway.title)]
      }),
  },
  sensors: {
    load: async (call) =>
      sensorsOf((await call(inventory, {})).gateways).map(({ gateway, sensor }) => option(sensor.id, sensor.title, gateway.title)),
  },
  alarms: {
    load: async (call) => {
      const [rows, inventoryNow] = await Promise.all([call(alarms, {}), call(inventory, {})])
      const sources = new Map(sourcesOf(inventoryNow).map((source) => [source.id, source]))
      return rowsOf(rows).map(({ id, data_source: watched, direction, value }) => {
        const source = sources.get(String(watched))
        return option(id, words(source?.sensorTitle, source?.title, direction, value), source?.gatewayTitle)
      })
    },
  },
  callbacks: { load: async (call) => rowsOf(await call(callbacks, {})).map(({ id, url }) => option(id, words(url))) },
} as const satisfies Record<string, Picker>
