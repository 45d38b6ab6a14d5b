/** Every measurement of a captured answer becomes a reading, and no leaf of an answer is lost. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import * as path from 'node:path'
import { CaptureServer, changedLeaves, isIgnored, type Capture } from './capture'

/** The cases of each vendor stand in a folder beside this file: each file exports `captures`. */
const files = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(path.join(__dirname, name)).map((file) => path.join(__dirname, name, file)))

/** A value without what depends on the moment of the test. */
const asText = (readings: unknown): string => JSON.stringify(readings)

describe('captured answers', () => {
  const server = new CaptureServer()
  before(() => server.start())
  after(() => server.stop())

  for (const file of files) {
    const { captures } = require(file) as { captures: readonly Capture[] }
    for (const [index, capture] of captures.entries()) {
      const name = `${capture.vendor} ${capture.operation} ${index + 1} (${capture.source})`

      it(`${name}: gives the expected readings`, async () => {
        const [readings = []] = await server.read(capture, [capture.body])
        const expected = capture.readings.map((reading) => Object.keys(reading))
        const compared = readings.map((reading, at) => Object.fromEntries(Object.entries(reading).filter(([key]) => (expected[at] ?? Object.keys(reading)).includes(key))))
        assert.deepEqual(compared, capture.readings)
        assert.deepEqual(readings.map(({ channel }) => channel), readings.map(({ extra }) => extra?.name))
      })

      // A leaf that no reading shows could be lost without a trace: another value there must change the readings.
      it(`${name}: shows every leaf in a reading`, async () => {
        const leaves = changedLeaves(capture.body)
        const [plain, ...changed] = await server.read(capture, [capture.body, ...leaves.map(({ body }) => body)])
        const lost = leaves.filter((_leaf, at) => asText(changed[at]) === asText(plain)).map((leaf) => leaf.path)
        const ignored = capture.ignored ?? []
        assert.deepEqual(lost.filter((leaf) => !isIgnored(leaf, ignored)), [], 'leaves that no reading shows')
        assert.deepEqual(ignored.filter((pattern) => !lost.some((leaf) => isIgnored(leaf, [pattern]))), [], 'ignored leaves that the readings show, or that are not there')
      })
    }
  }
})
