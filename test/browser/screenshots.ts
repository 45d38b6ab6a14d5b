/** `npm run screenshots`: the pictures of the README and of the examples, taken anew in docs/images; with `-- examples` only those of the examples. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { accountsOn } from '../nodes/harness'
import { ROOT } from '../package/installation'
import { freePort } from '../free-port'
import { startSimulator, type Simulator } from '../simulator'
import { launchBrowser, whyNoBrowser } from './chromium'
import { Editor } from './editor'
import { takeExamples } from './example-pictures'
import { startInstalled } from './installed'

const FOLDER = join(ROOT, 'docs', 'images')
/** Bytes: whoever opens the README has to load all of them. */
const LARGEST = 150_000
/** Until the demo's charts and tables are full. */
const DEMO_FILLS = 25_000

const file = (name: string): string => join(FOLDER, `${name}.png`)

/** Inject, two of the nodes, debug: from one cloud to another. */
function flowOn(simulator: Simulator): object[] {
  const { sensorist, sensocan } = accountsOn(simulator)
  const more = { params: {}, name: '', z: 'tab' }
  return [
    { id: 'tab', type: 'tab', label: 'Cellar' },
    { id: 'from', type: 'sensorist-account', name: 'Sensorist', ...sensorist.settings, credentials: sensorist.credentials },
    { id: 'to', type: 'sensocan-device', name: 'Tank', ...sensocan.settings, credentials: sensocan.credentials },
    { id: 'go', z: 'tab', type: 'inject', name: 'every 10 minutes', props: [{ p: 'payload' }], repeat: '600', crontab: '', once: false, onceDelay: 0.1, topic: '', payload: '', payloadType: 'date', x: 140, y: 100, wires: [['read']] },
    {
      ...more, id: 'read', type: 'sensor-cloud-get-data', name: 'rack left, newest', vendor: 'sensorist', accountSensorist: 'from', operation: 'measurements-latest',
      params: { dataSources: { type: 'str', value: '220200, 220201' } }, x: 340, y: 100, wires: [['choose', 'shown']],
    },
    {
      ...more, id: 'choose', type: 'change', name: 'as temp_01', rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '{ "sensorSlug": "temp_01", "value": payload[0].value }', tot: 'jsonata' }],
      action: '', property: '', from: '', to: '', reg: false, x: 330, y: 180, wires: [['send']],
    },
    {
      ...more, id: 'send', type: 'sensor-cloud-send-reading', name: 'to SensoCAN', vendor: 'sensocan', accountSensocan: 'to', operation: 'auto',
      params: { readings: { type: 'msg', value: 'payload' } }, outbox: true, x: 530, y: 180, wires: [[]],
    },
    { id: 'shown', z: 'tab', type: 'debug', name: 'readings', active: true, tosidebar: true, console: false, tostatus: false, complete: 'payload', targetType: 'msg', statusVal: '', statusType: 'auto', x: 540, y: 100, wires: [] },
  ]
}

async function takeEditor(browser: Browser): Promise<void> {
  const simulator = await startSimulator()
  const nodeRed = await startInstalled()
  try {
    await nodeRed.deploy(flowOn(simulator))
    const editor = await Editor.open(browser, nodeRed.origin)
    await editor.page.setViewportSize({ width: 1180, height: 720 })
    await editor.showTab('Cellar')
    await takeCanvas(editor)
    await takePicker(editor)
    await takeAccount(editor)
    assert.deepEqual(editor.errors, [])
  } finally {
    await nodeRed.remove()
    await simulator.close()
  }
}

async function takeCanvas(editor: Editor): Promise<void> {
  // The editor marks what repeats itself.
  await editor.inject('every 10 minutes ↻')
  await editor.status('to SensoCAN', /\d/)
  await editor.page.locator('.red-ui-notification').first().waitFor({ state: 'hidden' })
  const { x, y } = await cornerOf(editor.page.locator('#red-ui-workspace-chart'))
  await editor.page.screenshot({ path: file('flow'), clip: { x, y: y + 30, width: 640, height: 220 } })
}

async function cornerOf(element: Locator): Promise<{ x: number; y: number }> {
  const box = await element.boundingBox()
  assert.ok(box)
  return box
}

/** What stands in the tray that is open. */
const tray = (page: Page): Locator => page.locator('#red-ui-editor-stack .red-ui-tray').last()

async function takePicker(editor: Editor): Promise<void> {
  const { page } = editor
  await editor.openNode('rack left, newest')
  await page.locator('.sensor-clouds-param:has(#sensor-clouds-param-dataSources-label) .sensor-clouds-pick').click()
  await page.locator('#sensor-clouds-param-dataSources-picker').getByRole('option').first().waitFor()
  await tray(page).screenshot({ path: file('get-data') })
  await page.locator('#sensor-clouds-param-dataSources-picker').getByRole('combobox').press('Escape')
}

/** From the dialog that the picker was in. */
async function takeAccount(editor: Editor): Promise<void> {
  const { page } = editor
  await page.locator('#node-input-btn-accountSensorist-edit').click()
  await page.locator('#node-config-dialog-ok').waitFor()
  await page.getByRole('button', { name: 'Test connection', exact: true }).click()
  await page.locator('#sensor-clouds-test [role=status]').filter({ hasText: /Connected/ }).waitFor()
  await page.waitForTimeout(500)
  await tray(page).screenshot({ path: file('account') })
}

async function takeDashboard(browser: Browser): Promise<void> {
  const port = await freePort()
  const demo = spawn(process.execPath, ['--import', 'tsx', 'demo/index.ts', '--port', String(port)], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(demo, 'exit')
  try {
    await Promise.race([once(demo.stdout, 'data'), ended.then(() => assert.fail('the demo has ended'))])
    // The page wants this width; the README shows it smaller.
    const page = await browser.newPage({ viewport: { width: 1280, height: 755 }, deviceScaleFactor: 0.75 })
    await page.waitForTimeout(DEMO_FILLS)
    await page.goto(`http://127.0.0.1:${port}/dashboard`)
    await page.locator('canvas').first().waitFor()
    // Charts draw themselves with an animation.
    await page.waitForTimeout(5000)
    // A notice stands on the gauges.
    for (const close of await page.getByRole('button', { name: 'Close' }).all()) await close.click()
    await page.waitForTimeout(500)
    await page.screenshot({ path: file('dashboard') })
  } finally {
    demo.kill('SIGTERM')
    await ended
  }
}

async function takeReadme(browser: Browser): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  await takeEditor(browser)
  await takeDashboard(browser)
  for (const name of ['flow', 'get-data', 'account', 'dashboard']) {
    const { size } = await stat(file(name))
    console.log(`docs/images/${name}.png ${Math.ceil(size / 1000)} kB`)
    assert.ok(size < LARGEST, `${name}.png is too large`)
  }
}

async function main(): Promise<void> {
  const reason = whyNoBrowser()
  assert.equal(reason, undefined, reason)
  const browser = await launchBrowser()
  try {
    if (process.argv[2] !== 'examples') await takeReadme(browser)
    await takeExamples(browser)
  } finally {
    await browser.close()
  }
}

void main()
