import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { RedisRig } from './redis-rig'

const run = promisify(execFile)
const ROOT = join(__dirname, '..', '..', '..')

/** What a fresh process prints that runs a script. */
const printed = async (script: string): Promise<string> => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', '-e', script], { cwd: ROOT })
  return stdout.trim()
}

const LOADED = `console.log(Object.keys(require.cache).some((file) => file.includes('/ioredis/')))`

describe('ioredis', () => {
  const rig = new RedisRig()

  it('is not loaded with the modules of the stores', async () => {
    assert.equal(await printed(`require('./src/lib/store/redis/redis-store'); require('./src/nodes/stores/store-node'); ${LOADED}`), 'false')
  })

  it('is loaded where a store is Redis, and the process ends by itself once it is closed', async () => {
    const script = `
      const { openRedis } = require('./src/lib/store/redis/redis-store')
      const { SimpleStore } = require('./test/lib/store/simple-store')
      openRedis({ url: '${rig.server.url}', fallback: new SimpleStore() }).then(async (store) => {
        await store.set('key', 'value')
        ${LOADED}
        await store.close()
      })`
    assert.equal(await printed(script), 'true')
  })
})
