/** The package as users get it: packed, installed as the palette manager does it, loaded by real Node-REDs. */
import assert from 'node:assert/strict'
import { rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Reading } from '../../src/lib/vocabulary/reading'
import { formName } from '../../src/nodes/editor/markup/markup'
import { PACKAGE, PLUGIN } from '../../src/nodes/runtime/language'
import { startSimulator, type Simulator } from '../simulator'
import { installInto, nodeRed4, nodeRed5, pack, readManifest, versionOf, type Installation, type Packed } from './installation'
import { ask, startNodeRed, type RunningNodeRed } from './node-red'

/** A computer with little memory installs it over a slow line, from a card that is slow with many files. */
const MOST_BYTES = 450_000
const MOST_FILES = 200

interface LoadedSet {
  id: string
  types: string[]
  enabled: boolean
  module: string
  err?: unknown
}

const targets: { title: string; major: number; find: () => Promise<Installation> }[] = [
  { title: 'Node-RED 4', major: 4, find: nodeRed4 },
  { title: 'Node-RED 5', major: 5, find: nodeRed5 },
]

/** A flow that answers GET /latest with Sensorist's latest measurements. */
function flowOn({ urls, credentials }: Simulator): object[] {
  return [
    { id: 'tab', type: 'tab', label: 'Read one API' },
    { id: 'account', type: 'sensorist-account', name: '', baseUrl: urls.sensorist, credentials: credentials.sensorist },
    { id: 'in', z: 'tab', type: 'http in', url: '/latest', method: 'get', x: 100, y: 100, wires: [['read']] },
    {
      id: 'read', z: 'tab', type: 'sensor-cloud-get-data', name: '', vendor: 'sensorist', accountSensorist: 'account',
      operation: 'measurements-latest', params: { dataSources: { type: 'msg', value: 'payload.sources' } },
      output: 'readings', emit: 'array', x: 300, y: 100, wires: [['out']],
    },
    { id: 'out', z: 'tab', type: 'http response', statusCode: '', x: 500, y: 100, wires: [] },
    { id: 'catch', z: 'tab', type: 'catch', scope: ['read'], x: 100, y: 200, wires: [['tell']] },
    { id: 'tell', z: 'tab', type: 'change', rules: [{ t: 'set', p: 'payload', to: 'error', tot: 'msg' }], x: 300, y: 200, wires: [['failed']] },
    { id: 'failed', z: 'tab', type: 'http response', statusCode: '500', x: 500, y: 200, wires: [] },
  ]
}

/** Whether npm failed for want of a network (or of a quick one), rather than because of what it found. */
const isOffline = (error: unknown): boolean =>
  error instanceof Error && /took longer than|ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED/.test(error.message)

describe('the packed package', function () {
  // What is got from a registry takes the most: 180 s and 90 s at worst.
  this.timeout(360_000)
  let made: Packed | undefined
  before(async () => (made = await pack()))
  after(async () => {
    if (made) await rm(dirname(made.tarball), { recursive: true, force: true })
  })
  const packed = (): Packed => made!

  it('holds what users need, and nothing else', async () => {
    const wanted = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|examples\/.+\.json|resources\/.+\.js|dist\/.+\.(js|lua|html|json|svg)|dist\/texts\.br|dist\/lib\/index\.d\.ts|dist\/nodes\/runtime\/LICENSES\.md)$/
    assert.deepEqual(packed().files.filter((path) => !wanted.test(path) || /(^|\/)test\//.test(path)), [])
    const { 'node-red': nodeRed } = await readManifest()
    for (const script of Object.values(nodeRed?.nodes ?? {}))
      for (const file of [script, script.replace(/\.js$/, '.html')]) assert.ok(packed().files.includes(file), `${file} is missing`)
    for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md']) assert.ok(packed().files.includes(file), `${file} is missing`)
    assert.ok(packed().files.some((path) => path.startsWith('examples/')), 'no examples')
  })

  it(`is small: at most ${MOST_BYTES / 1000} kB in ${MOST_FILES} files`, async () => {
    const { size } = await stat(packed().tarball)
    assert.ok(size <= MOST_BYTES, `${size} bytes`)
    assert.ok(packed().files.length <= MOST_FILES, `${packed().files.length} files`)
  })

  for (const { title, major, find } of targets)
    describe(`in ${title}`, () => {
      let simulator: Simulator | undefined
      let userDir: string | undefined
      let nodeRed: RunningNodeRed | undefined

      before(async function () {
        let installation: Installation
        try {
          installation = await find()
          userDir = await installInto(packed(), installation)
        } catch (error) {
          if (process.env.CI === 'true' || !isOffline(error)) throw error
          console.log(`      SKIPPED, nothing is known about ${title}: npm cannot reach its registry`)
          this.skip()
        }
        assert.equal((await versionOf(installation)).split('.')[0], String(major))
        nodeRed = await startNodeRed(installation, userDir)
        simulator = await startSimulator()
      })
      after(async () => {
        await simulator?.close()
        await nodeRed?.stop()
        if (userDir !== undefined) await rm(userDir, { recursive: true, force: true })
      })
      const running = (): RunningNodeRed => nodeRed!

      it('is installed without what only developers need', async () => {
        const manifest = await readManifest(join(userDir!, 'node_modules', PACKAGE))
        assert.equal(manifest.name, PACKAGE)
        await assert.rejects(readManifest(join(userDir!, 'node_modules', 'typescript')))
      })

      it('loads every set without an error', async () => {
        const { 'node-red': declared } = await readManifest()
        const sets = ((await running().get('/nodes')) as LoadedSet[]).filter((set) => set.module === PACKAGE)
        assert.deepEqual(sets.map(({ id }) => id).sort(), Object.keys(declared?.nodes ?? {}).map((name) => `${PACKAGE}/${name}`).sort())
        for (const { id, types, enabled, err } of sets)
          assert.deepEqual({ id, types, enabled, err }, { id, types: [id.slice(PACKAGE.length + 1)], enabled: true, err: undefined })
        assert.doesNotMatch(running().log(), /\[error\]|missing|failed/i)
      })

      it('offers forms, texts, icons and examples to the editor', async () => {
        const { 'node-red': declared } = await readManifest()
        const html = (await running().get('/nodes', 'text/html')) as string
        const shared = (await running().get('/plugins', 'text/html')) as string
        const catalogs = (await running().get('/plugins/messages?lng=en-US')) as Record<string, object>
        assert.ok(Object.keys(catalogs[PLUGIN] ?? {}).length > 0, 'no texts')
        for (const type of Object.keys(declared?.nodes ?? {})) {
          assert.match(html, new RegExp(`RED\\.nodes\\.registerType\\(['"]${type}['"]`))
          assert.ok(html.includes(`${formName(type)}.prepare(this)`) && shared.includes(`"${type}"`), `no form for ${type}`)
          assert.match(((await running().get(`/sensor-clouds/help/${type}`)) as { html: string }).html, /<h3>/)
        }
        for (const file of ['dialogs.js', 'late-palette.js']) assert.ok(await running().get(`/resources/${PACKAGE}/${file}`, '*/*'), file)
        for (const language of ['en-US', 'de']) assert.ok(await running().get(`/sensor-clouds/texts/${language}`), language)
        const icons = ((await running().get('/icons')) as Record<string, string[]>)[PACKAGE] ?? []
        assert.ok(icons.length > 0, 'no icons')
        for (const icon of icons) assert.match(String(await running().get(`/icons/${PACKAGE}/${icon}`, '*/*')), /<svg/)
        const examples = (await running().get(`/library/examples/flows/${PACKAGE}`)) as { fn: string }[]
        assert.ok(examples.length > 0, 'no examples')
        for (const { fn } of examples)
          assert.ok(Array.isArray(await running().get(`/library/examples/flows/${PACKAGE}/${encodeURIComponent(fn)}`)), fn)
      })

      it('reads from a sensor cloud', async () => {
        await running().deploy(flowOn(simulator!))
        const readings = (await ask(`${running().origin}/latest?sources=220200,220201`)) as Reading[]
        assert.deepEqual(readings.map(({ vendor, quantity, unit }) => [vendor, quantity, unit]), [
          ['sensorist', 'temperature', '°C'],
          ['sensorist', 'humidity', '%'],
        ])
        assert.ok(readings.every(({ value, timestamp }) => typeof value === 'number' && timestamp <= Date.now()))
        assert.ok(simulator!.requests.some(({ path }) => path === '/measurements'))
      })

      it('ends when it is asked to', async () => {
        assert.deepEqual(await running().stop(), { code: 0, signal: null })
        assert.doesNotMatch(running().log(), /\[error\]/)
      })
    })
})
