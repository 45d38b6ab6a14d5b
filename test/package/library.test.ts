/** The library as programs get it: packed, imported in every way that there is, and run against the simulator. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startSimulator, type Simulator } from '../simulator'
import { environment, run } from './command'
import { compile, makeConsumer, type Consumer } from './consumer'
import { ROOT } from './installation'

const PACKAGE = 'node-red-contrib-sensor-clouds/lib'

/** Prints the quantities of the latest measurements. */
const READ = `
const { URL: baseUrl, EMAIL: email, PASSWORD: password } = process.env
const cloud = createClient({ vendor: 'sensorist', credentials: { email, password }, settings: { baseUrl } })
cloud.get('measurements-latest', { dataSources: [220200, 220201] })
  .then((readings) => console.log(readings.map(({ quantity }) => quantity).join()))
  .finally(() => cloud.close())
`

const TYPED = `import { ApiError, createClient, type Client, type Params, type Reading } from '${PACKAGE}'
const { URL: baseUrl = '', EMAIL: email = '', PASSWORD: password = '' } = process.env
const cloud: Client<'sensorist'> = createClient({ vendor: 'sensorist', credentials: { email, password }, settings: { baseUrl } })
const params: Params<'sensorist', 'measurements-latest'> = { dataSources: [220200, 220201] }
async function main(): Promise<void> {
  const readings: Reading[] = await cloud.get('measurements-latest', params)
  const gateways: unknown = await cloud.get('gateways')
  console.log(readings.map(({ quantity }) => quantity).join(), Array.isArray(gateways))
  for await (const { readings: part } of cloud.pages('measurements-raw', { dataSources: '220200', from: new Date() })) console.log(part.length)
  await cloud.get('alarms', {}, { fresh: true }).catch((error: unknown) => { if (!(error instanceof ApiError) || error.code !== 'AUTH') throw error })
}
main().finally(() => cloud.close())
`

/** Each line that follows the first two is a mistake. */
const MISTAKES = `import { createClient } from '${PACKAGE}'
const cloud = createClient({ vendor: 'sensorist', credentials: { email: '', password: '' } })
void cloud.get('measurements-newest', { dataSources: 1 })
void cloud.get('measurements-latest')
void cloud.get('measurements-latest', { dataSource: '220200' })
void cloud.send('create-alarm', { dataSource: 1, value: 1, direction: 'up' })
void cloud.since('gateways')
void cloud.outbox.add('create-alarm', {})
createClient({ vendor: 'sensorist', credentials: { token: '' } })
createClient({ vendor: 'sensocan', credentials: { accessToken: '' } })
void createClient({ vendor: 'sensocan', credentials: { accessToken: '' }, settings: { deviceUuid: '' } }).get('auto')
`

describe('the library in the packed package', function () {
  this.timeout(120_000)
  let consumer: Consumer
  let simulator: Simulator
  before(async () => {
    consumer = await makeConsumer()
    simulator = await startSimulator({ sensorist: { rawPage: 50 } })
  })
  after(async () => {
    await simulator.close()
    await consumer.remove()
  })

  const place = (file: string): string => join(consumer.folder, file)

  /** Runs a file of the consumer, and gives what it printed. */
  async function output(file: string, args: readonly string[] = []): Promise<string> {
    const { email, password } = simulator.credentials.sensorist
    const account = { URL: simulator.urls.sensorist, EMAIL: email, PASSWORD: password }
    const named = { SENSORIST_URL: account.URL, SENSORIST_EMAIL: email, SENSORIST_PASSWORD: password }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [place(file), ...args], { cwd: consumer.folder, env: { ...environment(), ...account, ...named }, timeout: 30_000 })
    assert.equal(stderr, '')
    return stdout.trim()
  }

  it('is required by CommonJS', async () => {
    await writeFile(place('read.cjs'), `const { createClient } = require('${PACKAGE}')${READ}`)
    assert.equal(await output('read.cjs'), 'temperature,humidity')
  })

  it('is imported by an ES module', async () => {
    await writeFile(place('read.mjs'), `import { createClient } from '${PACKAGE}'${READ}`)
    assert.equal(await output('read.mjs'), 'temperature,humidity')
  })

  /** Of an ES module, and of CommonJS where the resolution tells them apart. */
  const typed = { node16: ['typed.mts', 'typed.cts'], bundler: ['bundled.mts'] } as const

  for (const resolution of ['node16', 'bundler'] as const)
    it(`is compiled by TypeScript with the module resolution ${resolution}, which shows mistakes`, async () => {
      const files = typed[resolution]
      for (const file of files) await writeFile(place(file), TYPED)
      await writeFile(place('mistakes.mts'), MISTAKES)
      const { 'mistakes.mts': mistakes = [], ...others } = compile(consumer.folder, [...files, 'mistakes.mts'], resolution)
      assert.deepEqual(others, {})
      const lines = mistakes.map((error) => Number.parseInt(error, 10))
      assert.deepEqual([...new Set(lines)], [3, 4, 5, 6, 7, 8, 9, 10, 11])
      for (const file of files) assert.match(await output(file.replace(/ts$/, 'js')), /^temperature,humidity true/)
    })

  it('runs the example of the documents, which goes on where its last run ended', async () => {
    await copyFile(join(ROOT, 'test', 'package', 'consumers', 'nightly-export.mjs'), place('nightly-export.mjs'))
    const rows = async (): Promise<string[]> => (await readFile(place('readings.csv'), 'utf8')).trim().split('\n')
    await output('nightly-export.mjs', ['220200', '220201'])
    const first = await rows()
    assert.ok(first.length > 100, `${first.length} rows`)
    assert.equal(new Set(first).size, first.length)
    assert.match(first[0] ?? '', /^"\d{4}-\d\d-\d\dT[\d:.]+Z","[^"]+","[^"]+","-?[\d.]+","[^"]+"$/)
    await output('nightly-export.mjs', ['220200', '220201'])
    assert.equal(new Set(await rows()).size, (await rows()).length)
  })

  it('loads nothing of its dependencies before a client is made', async () => {
    await writeFile(place('load.cjs'), `require('${PACKAGE}'); console.log(Object.keys(require.cache).filter((file) => !file.includes('sensor-clouds')).length)`)
    assert.equal(await output('load.cjs'), '1')
  })

  it('has types that every module system finds', async () => {
    await run(process.execPath, [join(ROOT, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js'), consumer.tarball, '--profile', 'node16', '--no-emoji'], { cwd: consumer.folder, timeout: 60_000 })
  })

  it('has an API page for every type, without a warning', async () => {
    await run(process.execPath, [join(ROOT, 'node_modules', 'typedoc', 'bin', 'typedoc'), '--emit', 'none'], { cwd: ROOT, timeout: 60_000 })
  })

  it('is packed as publint wants it', async () => {
    const { publint } = await import('publint')
    const { messages } = await publint({ pkgDir: consumer.installed, pack: false, strict: true, level: 'warning' })
    assert.deepEqual(messages, [])
  })
})
