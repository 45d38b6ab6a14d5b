/** Builds the package into dist/: compiled lib and nodes, and the generated pairs that Node-RED loads. */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { copyLuaFiles, luaFolderIn } from './build/lua'
import { DIST, ROOT } from './build/paths'

const run = promisify(execFile)

async function node(...parameters: string[]): Promise<void> {
  try {
    await run(process.execPath, parameters, { cwd: ROOT })
  } catch (error) {
    // tsc says on its standard output what is wrong.
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${parameters.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}

async function main(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true })
  await node('--import', 'tsx', join('scripts', 'registers.ts'))
  const compiled = node(join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json')
  // Only now: it reads the registers that have just been written.
  const { writeNodes } = await import('./build/nodes.js')
  const [types] = await Promise.all([writeNodes(), compiled])
  copyLuaFiles(luaFolderIn(DIST))
  console.log(`built ${types.join(', ')}`)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
