/** The outputs of get data in a browser: its options, the table of send reading, and widgets that are wired directly. */
import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import type { Locator } from 'playwright-core'
import type { VendorId } from '../nodes/harness'
import { GROUPS, page as dashboardPage, gauge } from '../../demo/flows/widgets'
import type { Editor } from './editor'
import { TAB, useSession } from './session'

const DASHBOARD = dirname(require.resolve('@flowfuse/node-red-dashboard/package.json'))

const flow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  { id: 'device', type: 'sensocan-device', name: 'Tank', deviceUuid: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890' },
  { id: 'account', type: 'sensorist-account', name: 'Cellar' },
  {
    id: 'read', z: 'tab', type: 'sensor-cloud-get-data', name: 'read', vendor: 'sensorist', accountSensorist: 'account', operation: 'measurements-latest',
    params: { dataSources: { type: 'str', value: '220200' } }, x: 300, y: 100, wires: [[]],
  },
  {
    id: 'send', z: 'tab', type: 'sensor-cloud-send-reading', name: 'send', vendor: 'sensocan', accountSensocan: 'device', operation: 'auto',
    mapping: [{ device: '7325', sensor: '', quantity: 'temperature', sensorSlug: 'temp_01' }], x: 300, y: 200, wires: [[]],
  },
]

/** get data with widgets behind it, and nothing between them. */
const widgets = (): object[] => [
  { id: 'wired', type: 'tab', label: 'Wired' },
  // The editor asks about config nodes that nothing uses.
  ...dashboardPage.filter(({ id, type }) => type !== 'ui-group' || id === GROUPS.now || id === GROUPS.temperature),
  { id: 'start', z: 'wired', type: 'inject', name: 'start', props: [{ p: 'payload' }], payload: '', payloadType: 'date', topic: '', repeat: '', crontab: '', once: false, onceDelay: 0.1, x: 120, y: 100, wires: [['values']] },
  {
    id: 'values', z: 'wired', type: 'sensor-cloud-get-data', name: 'values', vendor: 'sensorist', accountSensorist: 'account', operation: 'measurements-latest',
    params: { dataSources: { type: 'str', value: '220200' } }, output: 'values', quantities: '', decimals: '1', temperature: '°F', emit: 'array', x: 300, y: 100, wires: [['text', 'gauge', 'chart']],
  },
  {
    id: 'text', z: 'wired', type: 'ui-text', name: 'text', group: GROUPS.now, order: 1, width: 0, height: 0, label: 'Rack', format: '{{msg.payload}}', layout: 'row-spread', style: false, className: '', x: 500, y: 60, wires: [],
  },
  { id: 'gauge', z: 'wired', type: 'ui-gauge', ...gauge({ title: 'Rack gauge', unit: '°F', ranges: [[0, 'green'], [90, 'amber'], [100, 'red']], max: 120, order: 2 }), x: 500, y: 100, wires: [[]] },
  {
    id: 'chart', z: 'wired', type: 'ui-chart', name: 'chart', group: GROUPS.temperature, label: '', order: 1, chartType: 'line', category: 'topic', categoryType: 'msg',
    xAxisProperty: 'timestamp', xAxisPropertyType: 'msg', xAxisType: 'time', xAxisFormat: '', xAxisFormatType: 'auto', yAxisProperty: 'payload', yAxisPropertyType: 'msg', bins: 10,
    action: 'append', pointShape: 'circle', pointRadius: 4, showLegend: true, removeOlder: 24, removeOlderUnit: '3600', removeOlderPoints: '', colors: ['#1f77b4'], width: 6, height: 6, interpolation: 'linear', x: 500, y: 160, wires: [[]],
  },
]

describe('outputs in a browser', function () {
  this.timeout(240_000)
  const session = useSession(flow, { more: { nodesDir: [DASHBOARD] } })
  const editor = (): Editor => session().editor
  const at = (id: string): Locator => editor().page.locator(`#${id}`)
  const exported = async (name: string): Promise<Record<string, unknown>> =>
    (JSON.parse(await editor().exportAll()) as Record<string, unknown>[]).find((node) => node.name === name)!

  const fillAccount = async (id: VendorId, property: string): Promise<void> => {
    await at(`node-input-btn-${property}-edit`).click()
    await at('node-config-dialog-ok').waitFor()
    await session().fillAccount(id)
    await editor().done('node-config-dialog')
  }

  it('are offered where an operation gives readings, with their options', async () => {
    await editor().openNode('read')
    await fillAccount('sensorist', 'accountSensorist')
    const shown = async (operation: string): Promise<boolean[]> => {
      await at('node-input-operation').selectOption(operation)
      return Promise.all(['output', 'quantities', 'decimals', 'temperature'].map((name) => at(`sensor-clouds-row-${name}`).isVisible()))
    }
    assert.deepEqual([await shown('gateways'), await shown('measurements-latest')], [[false, false, false, false], [true, true, true, true]])
    assert.deepEqual(await at('node-input-output').locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value)), ['readings', 'values', 'object', 'influx', 'rows', 'body'])
    await at('node-input-output').selectOption('values')
    await at('node-input-decimals').fill('11')
    assert.match(await at('node-input-decimals-problem').innerText(), /must be from 0 to 10, not 11/)
    await at('node-input-decimals').fill('1')
    await at('node-input-temperature').selectOption('°F')
  })

  it('let one pick quantities, and type others', async () => {
    const { page } = editor()
    await at('node-input-quantities').fill('motion')
    await page.getByRole('button', { name: 'Choose: Quantities' }).click()
    const list = at('node-input-quantities-options')
    assert.equal(await list.getByRole('option').count(), 21)
    await list.getByText('humidity', { exact: true }).click()
    await list.getByText('temperature', { exact: true }).click()
    assert.equal(await at('node-input-quantities').inputValue(), 'motion, humidity, temperature')
    await list.getByText('humidity', { exact: true }).click()
    await page.keyboard.press('Escape')
    await editor().picture('outputs')
    await editor().done()
    const { decimals, output, quantities, temperature } = await exported('read')
    assert.deepEqual({ decimals, output, quantities, temperature }, { decimals: '1', output: 'values', quantities: 'motion, temperature', temperature: '°F' })
  })

  it('of other clouds are mapped in a table of rows', async () => {
    const { page } = editor()
    await editor().openNode('send')
    await fillAccount('sensocan', 'accountSensocan')
    const cell = (name: string): Locator => page.getByLabel(name, { exact: true })
    assert.equal(await cell('Sensor slug, row 1').inputValue(), 'temp_01')
    await page.getByRole('button', { name: 'Add row' }).click()
    await page.keyboard.type('7326')
    await cell('Quantity, row 2').fill('humidity')
    await cell('Sensor slug, row 2').fill(' humidity_sensor ')
    await page.getByRole('button', { name: 'Add row' }).click()
    await editor().picture('mapping')
    await page.getByRole('button', { name: 'Remove row 1' }).click()
    await editor().done()
    assert.deepEqual((await exported('send')).mapping, [{ device: '7326', sensor: '', quantity: 'humidity', sensorSlug: 'humidity_sensor' }])
    await editor().openNode('send')
    assert.equal(await cell('Device, row 1').inputValue(), '7326')
    await at('node-input-operation').selectOption('bulk')
    assert.equal(await at('sensor-clouds-row-mapping').isVisible(), false)
    await editor().cancel()
  })

  it('show their values in widgets that are wired to get data directly', async () => {
    const { simulator } = session()
    const { page } = editor()
    await editor().importFlow(widgets())
    await editor().showTab('Wired')
    await editor().deploy()
    const origin = new URL(page.url()).origin
    const view = await page.context().browser()!.newPage()
    await view.goto(`${origin}/dashboard/sensor-clouds`)
    await view.getByText('Rack gauge').waitFor()
    await editor().inject('start')
    await editor().status('values', /1 reading/)
    const source = simulator.requests.findLast(({ path }) => path.startsWith('/measurements'))
    assert.ok(source, 'the cloud was asked')
    const text = view.locator('.nrdb-ui-text-value')
    await view.waitForFunction(() => /\d/.test(document.querySelector('.nrdb-ui-text-value')?.textContent ?? ''))
    const value = (await text.innerText()).trim()
    assert.match(value, /^\d+(\.\d)?$/)
    assert.ok(Number(value) > 50 && Number(value) < 100, `${value} is a room temperature in °F`)
    await view.locator('.nrdb-ui-gauge, [class*="gauge"]').getByText(value).first().waitFor()
    await view.locator('canvas').first().waitFor()
    if (process.env.SCREENSHOTS === 'true') await view.screenshot({ path: '.tmp/screenshots/dashboard-wired.png' })
    await view.close()
  })
})
