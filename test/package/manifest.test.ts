/** The rules by which the palette's scorecard and the palette manager judge a package, checked without a network. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sharedCatalog, textAt } from '../../scripts/build/catalog'
import { knownVendors, nodeSets } from '../../src/nodes/runtime/node-types'
import { readManifest, ROOT, type Manifest } from './installation'
import { nodeRange, readLock, runtimeTree, type LockEntry } from './lock'
import { objectOf, registrationsIn, textOf, type Registration } from './node-html'
import { accepts } from './range'

/** The oldest Node.js of Node-RED 4 that the package supports, and that of Node-RED 5's images. */
const NODE_VERSIONS = ['20.0.0', '24.0.0']

describe('package.json', () => {
  let manifest: Manifest
  before(async () => (manifest = await readManifest()))

  it('says whose it is and where to ask', () => {
    assert.equal(manifest.license, 'MIT')
    assert.match(manifest.repository?.url ?? '', /^git\+https:\/\/.+\.git$/)
    assert.match(manifest.bugs?.url ?? '', /^https:\/\/.+\/issues$/)
    assert.ok(existsSync(join(ROOT, 'LICENSE')))
  })

  it('is found in the palette and takes every newer Node-RED and Node.js', () => {
    assert.ok(manifest.keywords?.includes('node-red'))
    assert.equal(manifest['node-red']?.version, '>=4.0.0')
    assert.match(manifest.engines?.node ?? '', /^>=20(\.\d+){0,2}$/)
  })

  it('has few dependencies, and runs nothing when it is installed', () => {
    assert.ok(Object.keys(manifest.dependencies ?? {}).length <= 6)
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) assert.ok(!(script in (manifest.scripts ?? {})), script)
  })

  it('names one set for each node type, in one flat folder', () => {
    const sets = Object.entries(manifest['node-red']?.nodes ?? {})
    assert.ok(sets.length > 0, 'no node sets: run npm run build')
    for (const [type, file] of sets) assert.equal(file, `dist/nodes/${type}.js`)
  })
})

describe('package-lock.json', () => {
  let tree: Map<string, LockEntry>
  before(async () => (tree = runtimeTree(await readLock())))

  it('installs at run time on every supported Node.js', () => {
    assert.ok(tree.size > 0)
    for (const [path, entry] of tree)
      for (const version of NODE_VERSIONS) assert.ok(accepts(nodeRange(entry), version), `${path} wants Node.js ${nodeRange(entry)}, not ${version}`)
  })

  it('runs no install script of a runtime dependency', () => {
    assert.deepEqual([...tree].filter(([, entry]) => entry.hasInstallScript === true).map(([path]) => path), [])
  })

  it('names no address from which one machine got a package', async () => {
    const { packages } = await readLock()
    assert.deepEqual(Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && link !== true).map(([path]) => path), [])
  })

  it('keeps to rules that can fail', () => {
    assert.ok(accepts('^12.20.0 || ^14.13.1 || >=16.0.0', '20.0.0'))
    assert.ok(accepts('>= 0.4 <23', '20.0.0'))
    assert.ok(!accepts('>= 0.4 <23', '24.0.0'))
    assert.ok(!accepts('^20.19.0 || >=22.12', '20.0.0'))
    assert.ok(!accepts('18 || ~20.1', '20.0.0'))
    assert.ok(accepts('18 || 20', '20.0.0') && accepts('20.x', '20.0.0') && !accepts('>20', '20.0.0'))
    assert.throws(() => accepts('lts/*', '20.0.0'), /cannot read/)
    const lock = { lockfileVersion: 3, packages: { '': { dependencies: { one: '1' } }, 'node_modules/one': { dependencies: { two: '1' } } } }
    assert.throws(() => runtimeTree(lock), /lacks two, which node_modules\/one needs/)
  })
})

describe('the html of each node set', () => {
  const registrations = new Map<string, Registration[]>()
  let manifest: Manifest
  before(async () => {
    manifest = await readManifest()
    for (const [type, file] of Object.entries(manifest['node-red']?.nodes ?? {}))
      registrations.set(type, registrationsIn(await readFile(join(ROOT, file.replace(/\.js$/, '.html')), 'utf8')))
  })
  const each = (check: (type: string, registration: Registration) => void): void => {
    assert.ok(registrations.size > 0)
    for (const [type, found] of registrations) {
      assert.deepEqual(found.map((one) => one.type), [type], 'one literal registerType a set')
      check(type, found[0]!)
    }
  }

  it('registers its type with literals', () => {
    each((type, { properties }) => {
      const category = textOf(properties.category)
      assert.ok(category !== undefined && category !== '', `${type}: category`)
      assert.ok(objectOf(properties.defaults), `${type}: defaults are not written out`)
      if (category === 'config') return
      assert.equal(category, 'sensor clouds')
      assert.match(textOf(properties.color) ?? '', /^#[0-9a-f]{6}$/i, `${type}: color`)
      const icon = textOf(properties.icon) ?? ''
      assert.ok(existsSync(join(ROOT, 'dist', 'nodes', 'icons', icon)) && icon !== '', `${type}: there is no icon "${icon}"`)
    })
  })

  it('keeps secrets as credentials that the editor cannot read back', () => {
    const readable: string[] = []
    each((type, { properties }) => {
      if (!('credentials' in properties)) return
      for (const [name, credential] of Object.entries(objectOf(properties.credentials) ?? assert.fail(type)))
        if (textOf(objectOf(credential)?.type) !== 'password') readable.push(`${type}: ${name}`)
    })
    assert.deepEqual(readable.sort(), ['senquip-v1-account: clientId', 'sensorist-account: email', 'thingsee-account: clientId'])
    const accounts = [...registrations.values()].flat().filter(({ properties }) => textOf(properties.category) === 'config')
    assert.ok(accounts.length > 0)
    for (const { type, properties } of accounts) assert.ok('credentials' in properties, `${type}: no credentials`)
  })

  it('has help and a label', async () => {
    const { palette } = sharedCatalog(nodeSets(), knownVendors)
    for (const type of registrations.keys()) {
      assert.ok(textAt(palette, `own.${type}.palette.label`) ?? textAt(palette, 'palette.label'), `${type}: no label`)
      const html = await readFile(join(ROOT, 'dist', 'nodes', `${type}.html`), 'utf8')
      assert.match(html, new RegExp(`data-help-name="${type}"><p>.+</p>`), `${type}: no help`)
    }
  })

  it('stands beside nothing that Node-RED cannot load', async () => {
    const modules = await readdir(join(ROOT, 'dist'), { recursive: true })
    assert.deepEqual(modules.filter((file) => file.endsWith('.mjs')), [])
    // The editor waits for such a script without end.
    const pages = modules.filter((file) => file.endsWith('.html'))
    for (const file of pages) assert.doesNotMatch(await readFile(join(ROOT, 'dist', file), 'utf8'), /<script[^>]* src=/, file)
    assert.ok(pages.length > registrations.size)
  })

  it('is read strictly', () => {
    const script = (code: string): string => `<script type="text/javascript">${code}</script>`
    assert.deepEqual(registrationsIn(script(`const type = 'a'; RED.nodes.registerType(type, {})`)), [])
    assert.deepEqual(registrationsIn(script(`RED.nodes.registerType('a', definition)`)), [])
    const [spread] = registrationsIn(script(`RED.nodes.registerType('a', { defaults: { ...shared } })`))
    assert.equal(objectOf(spread?.properties.defaults), undefined)
  })
})

describe('the examples', () => {
  it('show each node type, in flows that can be imported', async () => {
    const { 'node-red': declared } = await readManifest()
    const files = (await readdir(join(ROOT, 'examples'))).filter((file) => file.endsWith('.json'))
    const nodes = await Promise.all(
      files.map(async (file) => {
        const text = await readFile(join(ROOT, 'examples', file), 'utf8')
        return (JSON.parse(text) as { id?: string; type?: string; credentials?: unknown }[]).map((node) => ({ file, ...node }))
      }),
    )
    const all = nodes.flat()
    for (const { file, id, type, credentials } of all) {
      assert.ok(typeof id === 'string' && typeof type === 'string', `${file}: a node without id or type`)
      assert.equal(credentials, undefined, `${file}: ${id} holds credentials`)
    }
    const shown = new Set(all.map(({ type }) => type))
    assert.deepEqual(Object.keys(declared?.nodes ?? {}).filter((type) => !shown.has(type)), [])
  })
})
