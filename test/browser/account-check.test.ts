/** The button that checks an account, in a real editor. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import { until } from '../until'
import type { Editor } from './editor'
import { TAB, useSession } from './session'

const READ = 'read'

const flow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  { id: 'read', z: 'tab', type: 'sensor-cloud-get-data', name: READ, x: 300, y: 100, wires: [[]] },
]

describe('the check of an account in a browser', function () {
  this.timeout(240_000)
  const session = useSession(flow)
  const editor = (): Editor => session().editor
  const page = (): Page => editor().page
  const press = (name: string): Promise<void> => page().getByRole('button', { name, exact: true }).click()
  const panel = (): Locator => page().locator('#sensor-clouds-check')
  const status = (): Locator => panel().getByRole('status')
  const result = (title: string): Locator => panel().getByRole('row').filter({ has: page().getByRole('rowheader', { name: title, exact: true }) }).getByRole('cell')
  const button = (): Locator => page().getByRole('button', { name: 'Check this account', exact: true })

  async function openAccount(): Promise<void> {
    await editor().openNode(READ)
    await page().locator('#node-input-vendor').selectOption('sensorist')
    await page().locator('#node-input-btn-accountSensorist-add').click()
    await page().locator('#node-config-dialog-ok').waitFor()
    await session().fillAccount('sensorist')
    await page().locator('#node-config-input-requestsPerSecond').fill('1000')
  }

  it('stands beside the connection test, and shows nothing before it is pressed', async () => {
    await openAccount()
    assert.equal(await panel().isVisible(), false)
    const [test, check] = [await page().getByRole('button', { name: 'Test connection' }).boundingBox(), await button().boundingBox()]
    assert.equal(test?.y, check?.y)
  })

  it('shows a row for each operation, and copies a report without ids and names', async () => {
    await page().evaluate(() => {
      const copied = window as typeof window & { copied?: string }
      RED.clipboard.copyText = (text) => void (copied.copied = text)
    })
    session().simulator.faults.always({ status: 500, match: { vendor: 'sensorist', path: /\/callbacks$/ } })
    await button().click()
    await status().filter({ hasText: '8 of 9 operations work.' }).waitFor()
    assert.equal(await result('Latest measurements').innerText(), 'works')
    assert.equal(await result('Callbacks').innerText(), 'failed: the cloud failed (500)')
    assert.equal(await result('Create an alarm').innerText(), 'not tried: it writes')
    assert.equal(await button().isEnabled(), true)
    await editor().picture('account-check')
    await press('Copy report')
    await status().filter({ hasText: 'Copied' }).waitFor()
    const text = await page().evaluate(() => (window as typeof window & { copied?: string }).copied ?? '')
    assert.equal((JSON.parse(text) as { vendor: string }).vendor, 'sensorist')
    for (const known of ['Cellar', '220200', '7325', session().simulator.credentials.sensorist.email]) assert.equal(text.includes(known), false, known)
    session().simulator.faults.clear()
  })

  /** Begins a check whose read of the gateways takes a minute, and waits for that read. */
  async function beginSlowCheck(): Promise<void> {
    const before = gatewayReads()
    await button().click()
    await until(() => gatewayReads() > before, 'the slow request')
  }

  const gatewayReads = (): number => session().simulator.requests.filter(({ path }) => path === '/gateways').length

  it('stops on its button', async () => {
    session().simulator.faults.always({ delay: 60_000, match: { vendor: 'sensorist', path: /\/gateways$/ } })
    await beginSlowCheck()
    await press('Stop')
    await status().filter({ hasText: /operations work\.$/ }).waitFor()
    assert.equal(await panel().getByRole('button', { name: 'Copy report' }).isVisible(), true)
  })

  it('stops when the dialog is closed', async () => {
    await beginSlowCheck()
    const stopped = page().waitForResponse(/\/sensor-clouds\/check\/[^/]+\/stop$/)
    await page().locator('#node-config-dialog-cancel').click()
    assert.equal((await stopped).status(), 200)
    session().simulator.faults.clear()
  })
})
