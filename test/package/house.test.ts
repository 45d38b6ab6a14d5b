/** The rules of the house hold, and each of them can fail. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { unknownSeenLive, withoutEvidence, wrongEvidence, wrongSources } from '../../scripts/check/evidence'
import { stale, staleManifest, staleDocuments, staleRegisters } from '../../scripts/check/fresh'
import { rules } from '../../scripts/check/rules'
import { readSources, type Source } from '../../scripts/check/sources'
import { conformanceTables, parseSeenLive } from '../../scripts/conformance'
import { documents, withTables } from '../../scripts/docs'
import { knownVendors, nodeSets } from '../../src/nodes/runtime/node-types'
import { ROOT } from './installation'

const OWN = 'src/lib/vendors/senquip/operations/device-data.ts'

/** For each rule, sources that break it, and as many that look like it but do not. */
const EXAMPLES: Readonly<Record<keyof typeof rules, { bad: Source[]; good: Source[] }>> = {
  'a vendor imports neither another vendor nor the client': {
    bad: [
      { path: OWN, text: `import { list } from '../../thingsee/wire'` },
      { path: OWN, text: `import type { Alert } from '../../sensorist/wire'` },
      { path: OWN, text: `export type Budget = import('../../../client/budget').Budget` },
      { path: OWN, text: `export * from '../../../client/errors'` },
    ],
    good: [
      { path: OWN, text: `import { points } from '../wire'\nimport { text } from '../../../spec'\nimport * as v from 'valibot'` },
      { path: 'src/lib/vendors/index.ts', text: `import senquip from './senquip'` },
    ],
  },
  'the client imports no vendor': {
    bad: [
      { path: 'src/lib/client/client.ts', text: `import { vendors } from '../vendors'` },
      { path: 'src/lib/client/client.ts', text: `const late = () => import('../vendors/senquip')` },
    ],
    good: [{ path: 'src/lib/client/client.ts', text: `import type { Vendor } from '../vendor'` }],
  },
  'the vocabulary imports neither client nor vendors': {
    bad: [
      { path: 'src/lib/spec.ts', text: `import type { Client } from './client/client'` },
      { path: 'src/lib/vendor.ts', text: `import { Budget } from './client/budget'` },
      { path: 'src/lib/vendor.ts', text: `import type { Budget, Limiter } from './client/budget'` },
      { path: 'src/lib/reading.ts', text: `import { unit } from './vendors/thingsee/catalogue'` },
    ],
    good: [{ path: 'src/lib/vendor.ts', text: `import type { Budget } from './client/budget'` }],
  },
  'lib imports nothing of Node-RED': {
    bad: [
      { path: 'src/lib/client/client.ts', text: `import type { NodeAPI } from 'node-red'` },
      { path: 'src/lib/spec.ts', text: `const util = require('@node-red/util')` },
      { path: 'src/lib/spec.ts', text: `import { nodeSets } from '../nodes/types'` },
    ],
    good: [{ path: 'src/nodes/types.ts', text: `import type { NodeAPI } from 'node-red'` }],
  },
  'the simulator imports nothing of src': {
    bad: [{ path: 'test/simulator/senquip/index.ts', text: `import type { Reading } from '../../../src/lib/reading'` }],
    good: [{ path: 'test/simulator/senquip/index.ts', text: `import { route } from '../route'` }],
  },
  'nodes name no vendor': {
    bad: [
      { path: 'src/nodes/a.ts', text: `if (id === 'senquip-v1') run()` },
      { path: 'src/nodes/a.ts', text: `const accountSensorist = config.account` },
      { path: 'src/nodes/a.ts', text: 'const label = `${name} of Thingsee`' },
      { path: 'src/nodes/a.ts', text: `switch (config.vendor) { default: run() }` },
    ],
    good: [
      { path: 'src/nodes/a.ts', text: `// accountSensorist, for one\nswitch (config.emit) { default: run(vendor) }` },
      { path: 'src/lib/a.ts', text: `export const id = 'senquip'` },
    ],
  },
  'a file has at most 300 lines': {
    bad: [{ path: 'src/lib/a.ts', text: 'run()\n'.repeat(301) }],
    good: [{ path: 'src/lib/a.ts', text: 'run()\n'.repeat(300) + '\n// why\n'.repeat(50) }],
  },
  'nothing is suppressed': {
    bad: [
      { path: 'test/a.ts', text: `// @ts-expect-error because\nrun()` },
      { path: 'test/a.ts', text: `function f() { run() // eslint-disable-line\n}` },
      { path: 'src/lib/a.ts', text: `const found = value as any` },
      { path: 'src/lib/a.ts', text: `function run(list: any[]) {}` },
    ],
    good: [{ path: 'src/lib/a.ts', text: `// as any text\nconst text = 'as any // @ts-ignore'` }],
  },
  'names say what a file is about': {
    bad: [{ path: 'src/lib/utils.ts', text: '' }, { path: 'test/helpers/flow.ts', text: '' }],
    good: [{ path: 'src/lib/vendors/senquip-v1/index.ts', text: '' }],
  },
  'tests end by themselves': {
    bad: [
      { path: 'test/a.test.ts', text: `it.only('works', () => {})` },
      { path: 'test/a.test.ts', text: `after(() => process.exit(0))` },
    ],
    good: [{ path: 'test/a.test.ts', text: `after(() => { process.exitCode = 0 })` }],
  },
}

describe('the rules of the house', () => {
  const sources = readSources()

  for (const [name, rule] of Object.entries(rules)) {
    it(name, () => {
      assert.deepEqual(rule(sources), [])
    })

    it(`${name}: can fail`, () => {
      const { bad, good } = EXAMPLES[name as keyof typeof rules]
      for (const source of bad) assert.equal(rule([source]).length, 1, source.text)
      assert.deepEqual(rule(good), [])
    })
  }
})

describe('what is generated', function () {
  this.timeout(60_000)

  it('is fresh', async () => {
    assert.deepEqual(await stale(), [])
  })

  it('is seen to be stale: documents and package.json', async () => {
    const texts = Object.fromEntries(await Promise.all(documents().map(async (path) => [path, await readFile(join(ROOT, path), 'utf8')] as const)))
    assert.deepEqual(staleDocuments(texts), [])
    const operations = texts['docs/operations.md'] ?? ''
    assert.equal(staleDocuments({ ...texts, 'docs/operations.md': operations.replace('`measurements-latest`', '`measurements-newest`') }).length, 1)
    assert.match(staleDocuments({ 'README.md': '# No tables' }).join(), /no document shows the table "operations"/)
    assert.throws(() => withTables('<!-- generated: planets --><!-- end of planets -->'), /no table "planets"/)
    assert.equal(staleManifest('{ "node-red": { "nodes": { "gone": "dist/nodes/gone.js" } } }').length, 1)
    const fresh = Object.fromEntries(nodeSets().map(({ type }) => [type, `dist/nodes/${type}.js`]))
    assert.deepEqual(staleManifest(JSON.stringify({ 'node-red': { nodes: fresh } })), [])
  })

  it('is seen to be stale: a register that lacks an operation', async () => {
    await mkdir(join(ROOT, '.tmp'), { recursive: true })
    const copy = await mkdtemp(join(ROOT, '.tmp', 'registers-'))
    try {
      for (const script of ['registers.ts', 'vendor-folders.ts']) await cp(join(ROOT, 'scripts', script), join(copy, 'scripts', script))
      await cp(join(ROOT, 'src', 'lib', 'vendors'), join(copy, 'src', 'lib', 'vendors'), { recursive: true })
      assert.deepEqual(await staleRegisters(copy), [])
      await writeFile(join(copy, 'src', 'lib', 'vendors', 'senquip', 'v2', 'operations', 'new-one.ts'), 'export default {}\n')
      assert.match((await staleRegisters(copy)).join(), /senquip.v2.operations.index\.ts/)
    } finally {
      await rm(copy, { recursive: true, force: true })
    }
  })
})

describe('the evidence of vendors', () => {
  const some = knownVendors.find(({ events, sources }) => events && sources)!
  const files = Object.keys(some.operations)

  it('is there for every account, operation, event and limit', () => {
    assert.deepEqual(wrongEvidence(knownVendors), [])
  })

  it('is seen to be missing', () => {
    const { documented: _documented, seen: _seen, unverified: _unverified, ...bare } = some.operations[files[0]!]!
    assert.match(withoutEvidence([{ ...some, operations: { [files[0]!]: bare } }]).join(), /^[^,]+, `[^`]+`: .*: say where it is documented/)
    const { documented: _events, seen: _seenEvents, unverified: _doubt, ...events } = some.events!
    assert.equal(withoutEvidence([{ ...some, events }]).length, 1)
    assert.equal(withoutEvidence([{ ...some, budgets: () => [{ name: 'per hour', limit: 1, window: 3_600_000, scope: 'account' }] }]).length, 1)
  })

  it('is seen to cite what is no source, and a source is seen to be cited nowhere', () => {
    assert.match(wrongSources([{ ...some, seen: 'Z9, a rumour' }]).join(), /cites Z9/)
    assert.match(wrongSources([{ ...some, sources: { ...some.sources, Z9: { title: 'Rumours', address: 'https://example.com/' } } }]).join(), /nothing cites the source Z9/)
  })

  it('has the days on which users saw something work, by vendor and operation', () => {
    const [first = '', second = ''] = files
    const seenLive = parseSeenLive(JSON.stringify({ [some.id]: { [first]: '2026-10-01' } }))
    const rows = conformanceTables(knownVendors, seenLive).split('\n').filter((line) => line.includes('**seen live** on 2026-10-01.'))
    assert.equal(rows.length, 1)
    assert.ok(rows[0]?.includes(`\`${first}\``))
    assert.deepEqual(unknownSeenLive(knownVendors, seenLive), [])
    assert.match(unknownSeenLive(knownVendors, { [some.id]: { [`${second}-gone`]: '2026-10-01' } }).join(), /has no operation/)
    assert.match(unknownSeenLive(knownVendors, { gone: {} }).join(), /no vendor "gone"/)
    assert.throws(() => parseSeenLive(`{ "${some.id}": { "${first}": "lately" } }`))
  })
})

describe('the README', () => {
  it('has the two commands, and the checks of the project run one of them', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
    assert.match(readme, /^npm ci && npm run demo$/m)
    assert.match(readme, /^npm ci && npm test$/m)
    const checks = await readFile(join(ROOT, '.ci', 'run'), 'utf8')
    assert.match(checks, /\bnpm ci\n/)
    assert.match(checks, /\bnpm test\b/)
  })

  it('fits a screen or two: what has a page of its own stands there', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
    assert.ok(readme.split('\n').length <= 200)
  })
})

describe('the documents', () => {
  /** The anchor that a Markdown viewer gives a heading. */
  const anchorOf = (heading: string): string =>
    heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').trim().replaceAll(' ', '-')

  it('link to files and headings that exist', async () => {
    for (const file of documents()) {
      const text = await readFile(join(ROOT, file), 'utf8')
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
        const [path = '', anchor] = target.split('#')
        const linked = path === '' ? join(ROOT, file) : join(ROOT, dirname(file), path)
        assert.ok(existsSync(linked), `${file}: ${target}`)
        if (anchor === undefined) continue
        const headings = [...(await readFile(linked, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))
        assert.ok(headings.includes(anchor), `${file}: ${target}`)
      }
    }
  })
})
