/** The groups that `npm test` runs at the same time: no file is missing, and nothing that is wrong with a group goes unnoticed. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sinon from 'sinon'
import { groupsOf, ROOT, testFiles, type Group } from '../../scripts/test/groups'
import { runGroup, type Outcome } from '../../scripts/test/run-group'
import { isFailed, repeatFailed, summary } from '../../scripts/test/run-groups'

describe('the groups of tests', () => {
  it('have every file once', () => {
    const files = testFiles()
    assert.ok(files.includes('test/package/test-groups.test.ts'))
    assert.deepEqual(groupsOf(files).flatMap((group) => group.files).sort(), files)
  })

  it('are the same in every run', () => {
    assert.deepEqual(groupsOf(testFiles()), groupsOf(testFiles()))
    assert.equal(new Set(groupsOf(testFiles()).map(({ name }) => name)).size, groupsOf(testFiles()).length)
  })
})

describe('a group of tests', () => {
  let folder = ''
  before(async () => {
    await mkdir(join(ROOT, '.tmp'), { recursive: true })
    folder = await mkdtemp(join(ROOT, '.tmp', 'group-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  async function groupOf(code: string): Promise<Group> {
    const file = join(folder, 'example.test.ts')
    await writeFile(file, code)
    return { name: 'example', kind: 'example', cores: 1, files: [file] }
  }

  const outcomeOf = async (code: string): Promise<Outcome> => runGroup(await groupOf(code), { longestEnd: 500 })

  /** Without the lines of the inner tests, which would count as those of the outer ones. */
  async function quietly<T>(work: () => Promise<T>): Promise<T> {
    const log = sinon.stub(console, 'log')
    try {
      return await work()
    } finally {
      log.restore()
    }
  }

  it('tells how many tests passed, failed and were skipped, and why', async () => {
    const outcome = await outcomeOf(`
      it('passes', () => undefined)
      it('fails', () => { throw new Error('on purpose') })
      it('is skipped', function () { console.log('      SKIPPED, on purpose'); this.skip() })
    `)
    assert.deepEqual([outcome.passed, outcome.failed, outcome.pending, outcome.problem], [1, 1, 1, undefined])
    assert.ok(isFailed(outcome))
    assert.match(outcome.output, /Error: on purpose/)
    assert.match(summary([outcome]), /^example: SKIPPED, on purpose\nFAILED example: 1 tests; .*\nAll groups: 1 passed, 1 skipped, 1 failed$/m)
  })

  it('runs once more by itself when it has failed, and is told to be unsteady when it passes then', async () => {
    const marker = join(folder, 'seen')
    const first = await outcomeOf(`
      import { existsSync, writeFileSync } from 'node:fs'
      it('passes the second time', () => {
        const seen = existsSync(${JSON.stringify(marker)})
        writeFileSync(${JSON.stringify(marker)}, '')
        if (!seen) throw new Error('on purpose')
      })
      it('passes', () => undefined)
    `)
    const [again, ...others] = await quietly(() => repeatFailed([first]))
    assert.ok(again && others.length === 0 && isFailed(first) && !isFailed(again))
    assert.match(summary([again]), /^UNSTEADY example: 1 tests failed beside other groups, and passed alone\nAll groups: 2 passed, 0 skipped, 0 failed$/m)
  })

  it('stays failed when it fails again, or when many others failed too', async () => {
    const group = await groupOf(`it('fails', () => { throw new Error('on purpose') })`)
    const first: Outcome = { group, output: '', passed: 0, pending: 0, failed: 1, problem: undefined, took: 1 }
    const [again] = await quietly(() => repeatFailed([first]))
    assert.ok(again?.before === first && isFailed(again))
    assert.deepEqual(await repeatFailed([first, first, first, first]), [first, first, first, first])
  })

  it('fails when a test leaves something open', async () => {
    const outcome = await outcomeOf(`it('passes', () => void setInterval(() => undefined, 1000))`)
    assert.equal(outcome.passed, 1)
    assert.match(outcome.problem ?? '', /does not end: a test leaves a timer, socket, server or process open$/)
    assert.ok(isFailed(outcome))
  })

  it('fails when its process ends early', async () => {
    const outcome = await outcomeOf(`it('ends', () => process.kill(process.pid, 'SIGKILL'))`)
    assert.equal(outcome.problem, 'has ended with SIGKILL')
    assert.ok(isFailed(outcome))
  })

  it('ends well when nothing is left', async () => {
    const outcome = await outcomeOf(`it('passes', () => undefined)`)
    assert.equal(isFailed(outcome), false)
  })
})
