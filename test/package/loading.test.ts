/** What a Node-RED loads of the package where no flow uses it: all sets are loaded at each start. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { run } from './command'
import { readManifest, ROOT } from './installation'

/** Loads the given files with an API that takes everything, in a process that has loaded nothing else. */
const LOADER = `
  const anything = new Proxy(function () {}, { get: () => anything, apply: () => anything })
  for (const file of process.argv.slice(1)) require(file)(anything)
  console.log(JSON.stringify(Object.keys(require.cache)))
`

describe('loading all node sets', () => {
  let sets: string[]
  let modules: string[]
  before(async () => {
    sets = Object.values((await readManifest())['node-red']?.nodes ?? {}).map((file) => join(ROOT, file))
    modules = JSON.parse(await run(process.execPath, ['-e', LOADER, ...sets], { cwd: ROOT, timeout: 30_000 })) as string[]
  })

  it('loads no package: the first account does, and the first Redis store', () => {
    assert.ok(sets.length > 0 && sets.every((file) => modules.includes(file)), 'the sets were not loaded')
    assert.deepEqual(modules.filter((file) => file.includes('node_modules')), [])
  })

  it('loads one file for all of them', () => {
    assert.deepEqual(modules.filter((file) => !sets.includes(file)), [join(ROOT, 'dist', 'nodes', 'runtime', 'index.js')])
  })
})
