/** Copies the Lua scripts of the Redis store, which are read from the folder of the bundle. */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths'

const SOURCES = join(ROOT, 'src', 'lib', 'store', 'redis')

/** @param folder of the bundle that contains the store */
export function copyLuaFiles(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(SOURCES)) if (file.endsWith('.lua')) copyFileSync(join(SOURCES, file), join(folder, file))
}
