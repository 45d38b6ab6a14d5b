/** Builds the package into dist/: the runtime, the pairs of js and html that Node-RED loads, and what programs import. */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DIST, RESOURCES, ROOT } from './build/paths'

const run = promisify(execFile)

async function main(): Promise<void> {
  for (const folder of [DIST, RESOURCES]) rmSync(folder, { recursive: true, force: true })
  await run(process.execPath, ['--import', 'tsx', join('scripts', 'registers.ts')], { cwd: ROOT })
  // Only now: they read the registers that have just been written.
  const [{ writeNodes }, { writeRuntime }, { writeLibrary }] = await Promise.all([import('./build/nodes.js'), import('./build/runtime.js'), import('./build/library.js')])
  const [types] = await Promise.all([writeNodes(), writeRuntime()])
  writeLibrary()
  console.log(`built ${types.join(', ')}`)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
