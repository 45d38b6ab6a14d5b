/** SensoCAN HTTP API: a device sends its readings; nothing can be read back [N1]. */
import * as v from 'valibot'
import { cutText, isRecord } from '../../base/foreign'
import { sentence, verbatim, type Sentence } from '../../base/sentence'
import { text } from '../../vocabulary/operation'
import { vendor } from '../../vocabulary/vendor'
import { operations } from './operations'
import { connection, pickers } from './probe'
import { DOCS, itemLabel, propertyLabel, requestFor, sameBattery, UUID, UUID_HINT } from './readings'

/** `{"message": "Validation failed.", "errors": {"data.value": ["…"]}}` [N1] */
const failure = v.looseObject({
  message: v.string(),
  errors: v.nullish(v.record(v.string(), v.union([v.string(), v.array(v.string())]))),
})

/** @param sent gives the body of the request, which names the sensors */
function reason(body: unknown, sent?: () => unknown): string | Sentence | undefined {
  if (!v.is(failure, body)) return undefined
  const problems = Object.entries(body.errors ?? {}).map(([path, texts]) => problemOf(path, [texts].flat().join(' '), sent))
  return problems.length === 0 ? body.message : problems.reduce((list, problem) => sentence`${list}; ${problem}`)
}

/** @param path the vendor's name of what is wrong: `data.3.value` is in the fourth reading */
function problemOf(path: string, text: string, sent: (() => unknown) | undefined): Sentence {
  const [, index, name = path] = /^(?:data\.)?(?:(\d+)\.)?(\w+)$/.exec(path) ?? []
  const sensor = /^sensor_(slug|uuid)$/.test(name) ? readingAt(sent?.(), index)?.[name] : undefined
  const label = propertyLabel(name) ?? verbatim(name)
  const words = text.replaceAll(path, String(label)).replace(/\.$/, '')
  const problem = typeof sensor === 'string' ? sentence`the device has no sensor "${cutText(sensor, 40)}"` : sentence`${label}: ${words}`
  return index === undefined ? problem : sentence`${itemLabel(Number(index))}: ${problem}`
}

/** @param index of the reading in a list; undefined where the request carries only one */
function readingAt(body: unknown, index: string | undefined): Record<string, unknown> | undefined {
  const data = isRecord(body) ? body.data : undefined
  const reading: unknown = index !== undefined && Array.isArray(data) ? data[Number(index)] : data
  return isRecord(reading) ? reading : undefined
}

export default vendor({
  id: 'sensocan',
  title: 'SensoCAN',
  accountType: 'sensocan-device',
  accountLabel: 'SensoCAN device',
  docs: DOCS,
  sources: { N1: { title: 'SensoCAN HTTP API', address: DOCS } },
  documented: 'N1, "Authentication" and "Base URL"',
  settings: {
    baseUrl: text({
      in: 'none',
      label: 'Base URL',
      help: 'Give the address of the SensoCAN API. Change it only if you have your own installation.',
      default: 'https://api.sensocan.com/api/v1',
    }),
    deviceUuid: text({
      in: 'none',
      label: 'Device UUID',
      help: 'Copy the Device UUID from the Overview tab of the device in SensoCAN.',
      pattern: UUID,
      patternHint: UUID_HINT,
      placeholder: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
    }),
  },
  credentials: {
    accessToken: {
      label: 'Access token',
      help: 'Copy the Access Token from the Credentials tab of the device in SensoCAN.',
    },
  },
  address: 'baseUrl',
  auth: { kind: 'bearer', credential: 'accessToken' },
  bodyAs: 'json',
  // The limit is the device's [N1], and an account here is one device.
  budgets: () => [{ name: 'per minute', limit: 1000, window: 60_000, scope: 'account', evidence: { documented: 'N1, "Rate Limiting"' } }],
  remaining: { header: 'x-ratelimit-remaining', budget: 'per minute' },
  reason,
  // The vendor names no largest array; this many are some 50 kB, and an answer that it is too large is heeded.
  delivery: { largest: 500, canShareRequest: sameBattery, request: requestFor, itemLabel },
  probe: connection,
  pickers,
  operations,
})
