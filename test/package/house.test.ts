/** The rules of the house hold, and each of them can fail. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { unknownSeenLive, withoutEvidence, wrongEvidence, wrongSources } from '../../scripts/check/evidence'
import { stale, staleManifest, staleDocuments, staleRegisters, staleVendorTypes } from '../../scripts/check/fresh'
import { rules } from '../../scripts/check/rules'
import { readSources, type Source } from '../../scripts/check/sources'
import { conformanceTables, parseSeenLive } from '../../scripts/conformance'
import { documents, withTables } from '../../scripts/docs'
import { knownVendors, nodeSets } from '../../src/nodes/runtime/node-types'
import { ROOT } from './installation'

const OWN = 'src/lib/vendors/senquip/v2/operations/device-data.ts'

/** For each rule, sources that break it, and as many that look like it but do not. */
const EXAMPLES: Readonly<Record<keyof typeof rules, { bad: (Source | Source[])[]; good: readonly Source[] }>> = {
  'a vendor imports no other vendor': {
    bad: [
      { path: OWN, text: `import { list } from '../../../thingsee/wire'` },
      { path: OWN, text: `import type { Alert } from '../../../sensorist/wire'` },
    ],
    good: [
      { path: OWN, text: `import { points } from '../../datapoints'\nimport { text } from '../../../../vocabulary/operation'\nimport * as v from 'valibot'` },
      { path: 'src/lib/vendors/index.ts', text: `import senquip from './senquip/v2'` },
    ],
  },
  'rooms import downwards, and only what is offered': {
    bad: [
      { path: OWN, text: `export type Client = import('../../../../client/client').Client` },
      { path: 'src/lib/client/client.ts', text: `const late = () => import('../../nodes/entries')` },
      { path: 'src/nodes/accounts/account-node.ts', text: `import { LimiterError } from '../../lib/limiter/limiter-error'` },
    ],
    good: [
      { path: 'src/lib/client/client.ts', text: `import { Limiter } from '../limiter/limiter'\nimport type { Vendor } from '../vocabulary/vendor'` },
      { path: 'src/lib/limiter/limiter.ts', text: `import { LimiterError } from './limiter-error'` },
    ],
  },
  'what a room offers is used': {
    bad: [[{ path: 'src/lib/client/client.ts', text: '' }]],
    good: readSources(),
  },
  'imports make no circle': {
    bad: [
      [
        { path: 'src/lib/base/a.ts', text: `import type { B } from './b'` },
        { path: 'src/lib/base/b.ts', text: `export { a } from './a'` },
      ],
    ],
    good: [
      { path: 'src/lib/base/a.ts', text: `import type { B } from './b'` },
      { path: 'src/lib/base/b.ts', text: `import { c } from './c'` },
    ],
  },
  'a folder has at most 15 files': {
    bad: [Array.from({ length: 16 }, (_, index) => ({ path: `src/lib/limiter/file-${index}.ts`, text: '' }))],
    good: Array.from({ length: 16 }, (_, index) => ({ path: `src/lib/vendors/thingsee/operations/file-${index}.ts`, text: '' })),
  },
  'a file has at least 25 lines, or a reason': {
    bad: [{ path: 'src/lib/client/crumb.ts', text: 'run()\n'.repeat(24) }],
    good: [{ path: 'src/lib/client/file.ts', text: 'run()\n'.repeat(25) }, { path: 'src/lib/vendors/thingsee/operations/thing.ts', text: 'run()\n' }],
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
      for (const example of bad) {
        const found = rule([example].flat())
        assert.ok(Array.isArray(example) ? found.length >= 1 : found.length === 1, JSON.stringify([example, found]))
      }
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

  it('is seen to be stale: the types of the library', async () => {
    const types = await readFile(join(ROOT, 'src', 'lib', 'library', 'vendor-types.ts'), 'utf8')
    assert.deepEqual(staleVendorTypes(types), [])
    assert.equal(staleVendorTypes(types.replace(/'?measurements-latest'?:/, "'measurements-newest':")).length, 1)
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
    const rows = conformanceTables(knownVendors, seenLive).split('\n').filter((line) => line.includes("**seen live** on 2026-10-01, by a user's report."))
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

  it('name files of the code that exist', async () => {
    for (const file of documents()) {
      const text = await readFile(join(ROOT, file), 'utf8')
      for (const [, path = ''] of text.matchAll(/`((?:src|test|scripts|locales)\/[\w./-]+)`/g)) assert.ok(existsSync(join(ROOT, path)), `${file}: ${path}`)
    }
  })
})
