/**
 * Reads once in a real flow, and prints the visited files as JSON. A process of its own: precise coverage, when it is
 * started in a process that has run thousands of functions, can end it with a fatal error of V8.
 */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator } from '../simulator'
import { load, unload } from '../nodes/harness'
import { VisitedFiles } from './visited-files'

helper.init(require.resolve('node-red'))

async function main(): Promise<void> {
  const simulator = await startSimulator()
  const files = new VisitedFiles()
  await files.start()
  const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: { tuid: 'TSPD04SIM00000001' } })
  // The first read loads modules, fetches the token and opens a socket.
  await flow.run()
  await files.visited()
  const { out } = await flow.run()
  assert.equal(out.length, 1)
  const visited = await files.visited()
  files.stop()
  await unload()
  await simulator.close()
  process.stdout.write(JSON.stringify(visited))
}

void main()
