/** Copies the Lua scripts of the Redis store, which are read from the folder of the compiled code. */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths'

const FOLDER = join('lib', 'store', 'redis')
const SOURCES = join(ROOT, 'src', FOLDER)

/** @param folder of the compiled `redis-store.js`, or of a bundle that contains it */
export function copyLuaFiles(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(SOURCES)) if (file.endsWith('.lua')) copyFileSync(join(SOURCES, file), join(folder, file))
}

/** Where compiled code expects them. */
export const luaFolderIn = (dist: string): string => join(dist, FOLDER)
