/** SensoCAN HTTP API: a device sends its readings; nothing can be read back [N1]. */
import * as v from 'valibot'
import { text } from '../../vocabulary/operation'
import { vendor } from '../../vocabulary/vendor'
import { operations } from './operations'
import { connection, pickers } from './probe'
import { DOCS, itemLabel, requestFor, sameBattery, UUID, UUID_HINT } from './readings'

/** `{"message": "Validation failed.", "errors": {"data.value": ["…"]}}` [N1] */
const failure = v.looseObject({
  message: v.string(),
  errors: v.nullish(v.record(v.string(), v.union([v.string(), v.array(v.string())]))),
})

function reason(body: unknown): string | undefined {
  if (!v.is(failure, body)) return undefined
  const errors = Object.entries(body.errors ?? {}).map(([field, texts]) => `${inputName(field)}: ${[texts].flat().join(' ')}`)
  return [body.message, ...errors].join(' ')
}

/** The vendor's path of a field as the flow gave it: `data.3.value` is in the fourth reading. */
const inputName = (field: string): string => field.replace(/^data\.(\d+)\./, (_match, index: string) => `${itemLabel(Number(index))} `).replace(/^data\./, '')

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
