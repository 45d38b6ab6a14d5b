/** The command that checks an account without Node-RED. */
import assert from 'node:assert/strict'
import { runCommand, variableOf } from '../../../src/lib/field-check/command'
import type { CheckReport } from '../../../src/lib/field-check/report'
import { vendors } from '../../../src/lib/vendors'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { accountsOn, type VendorId } from '../../nodes/harness'
import { startSimulator, type Simulator } from '../../simulator'

describe('the command "check"', () => {
  let simulator: Simulator
  beforeEach(async () => void (simulator = await startSimulator()))
  afterEach(() => simulator.close())

  /** The environment of an account on the simulator. */
  function environment(id: VendorId): Record<string, string> {
    const { settings, credentials } = accountsOn(simulator)[id]
    const fast = id === 'senquip' || id === 'sensocan' ? {} : { requestsPerSecond: '1000' }
    return Object.fromEntries(Object.entries({ ...settings, ...credentials, ...fast }).map(([name, value]) => [variableOf(vendors[id], name), value]))
  }

  async function run(args: string[], env: Record<string, string> = {}, signal = new AbortController().signal): Promise<{ code: number; out: string; err: string }> {
    const [out, err]: [string[], string[]] = [[], []]
    const code = await runCommand(args, { env, signal, print: (line) => void out.push(line), complain: (line) => void err.push(line) })
    return { code, out: out.join('\n'), err: err.join('\n') }
  }

  for (const { id } of Object.values<Vendor>(vendors))
    it(`${id}: prints the report alone with --json`, async () => {
      const { code, out, err } = await run(['check', '--vendor', id, '--json'], environment(id as VendorId))
      const report = JSON.parse(out) as CheckReport
      assert.deepEqual([report.vendor, report.versions.nodeRed, err], [id, undefined, ''])
      // SensoCAN lets nothing be read.
      assert.equal(code, id === 'sensocan' ? 1 : 0)
    })

  it('prints a line for each operation', async () => {
    simulator.faults.always({ status: 500, match: { path: /\/callbacks$/ } })
    const { code, out } = await run(['check', '--vendor', 'sensorist'], environment('sensorist'))
    assert.equal(code, 1)
    assert.match(out, /^Latest measurements: works$/m)
    assert.match(out, /^Callbacks: failed: the cloud failed \(500\)$/m)
    assert.match(out, /^Create an alarm: not tried: it writes$/m)
  })

  it('names the environment variables when one is missing', async () => {
    const { code, out, err } = await run(['check', '--vendor', 'sensorist'], {})
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, /E-mail is missing/)
    assert.match(err, /^SENSORIST_PASSWORD {2}Password$/m)
  })

  it('takes no secret as an argument', async () => {
    const { code, err } = await run(['check', '--vendor', 'sensorist', '--password', 'secret'])
    assert.equal(code, 2)
    assert.equal(err.includes('secret'), false)
  })

  it('refuses an unknown vendor and another command, and explains itself', async () => {
    assert.equal((await run(['check', '--vendor', 'none'])).code, 2)
    assert.equal((await run(['test', '--vendor', 'sensorist'])).code, 2)
    assert.equal((await run(['check'])).code, 2)
    const { code, out } = await run(['--help', '--vendor', 'senquip-v1'])
    assert.equal(code, 0)
    assert.match(out, /SENQUIP_V1_CLIENT_SECRET {2}Client secret/)
  })

  it('stops', async () => {
    const { code } = await run(['check', '--vendor', 'sensorist'], environment('sensorist'), AbortSignal.abort())
    assert.equal(code, 130)
    assert.equal(simulator.requests.length, 0)
  })
})
