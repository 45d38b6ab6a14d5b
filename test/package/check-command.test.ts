/** The command of the built package, as `npx` runs it. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { variableOf } from '../../src/lib/field-check/command'
import type { CheckReport } from '../../src/lib/field-check/report'
import { vendors } from '../../src/lib/vendors'
import { accountsOn } from '../nodes/harness'
import { startSimulator, type Simulator } from '../simulator'
import { readManifest, ROOT } from './installation'

interface Ended {
  code: number | string
  out: string
  err: string
}

describe('the command of the built package', () => {
  let simulator: Simulator
  before(async () => void (simulator = await startSimulator()))
  after(() => simulator.close())

  async function run(args: string[], env: Record<string, string>): Promise<Ended> {
    const { bin } = (await readManifest()) as { bin?: Record<string, string> }
    const file = join(ROOT, bin?.['node-red-contrib-sensor-clouds'] ?? '')
    return new Promise((resolve) => {
      execFile(process.execPath, [file, ...args], { env: { PATH: process.env.PATH, ...env }, timeout: 30_000 }, (error, out, err) => resolve({ code: error?.code ?? 0, out, err }))
    })
  }

  it('prints a report, without the account that the environment names', async () => {
    const { settings, credentials } = accountsOn(simulator).thingsee
    const env = Object.fromEntries(Object.entries({ ...settings, ...credentials }).map(([name, value]) => [variableOf(vendors.thingsee, name), value as string]))
    const { code, out, err } = await run(['check', '--vendor', 'thingsee', '--json'], env)
    assert.deepEqual([code, err], [0, ''])
    const report = JSON.parse(out) as CheckReport
    assert.equal(report.versions.package, ((await readManifest()) as { version?: string }).version)
    assert.ok(report.operations.some(({ operation, outcome }) => operation === 'messages' && outcome === 'works'))
    for (const secret of [...Object.values(simulator.credentials.thingsee), 'TSPD04SIM00000001', 'prfi00simoffice']) assert.equal(out.includes(secret), false)
  })

  it('names what is missing, with exit code 2', async () => {
    const { code, err } = await run(['check', '--vendor', 'thingsee'], {})
    assert.equal(code, 2)
    assert.match(err, /THINGSEE_CLIENT_SECRET/)
  })
})
