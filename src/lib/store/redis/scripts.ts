/** The Lua scripts of a store. Each is a file of this folder, and Redis runs it atomically. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Redis } from 'ioredis'

/** The file that is put before each script. */
const SHARED = { queue: 'queue-shared', windows: 'windows-shared' } as const

const SCRIPTS = {
  'queue-append': SHARED.queue,
  'queue-take': SHARED.queue,
  'queue-done': SHARED.queue,
  'queue-release': SHARED.queue,
  'queue-renew': SHARED.queue,
  'queue-clear': SHARED.queue,
  'queue-state': SHARED.queue,
  'windows-reserve': SHARED.windows,
  'windows-cancel': SHARED.windows,
  'windows-redate': SHARED.windows,
  'windows-pause': SHARED.windows,
  'windows-lower': SHARED.windows,
} as const

export type ScriptName = keyof typeof SCRIPTS

type RunScript = (...args: (string | number)[]) => Promise<unknown>
export type RedisWithScripts = Redis & Readonly<Record<ScriptName, RunScript>>

/** A bundle in one file needs the Lua files beside it. */
const read = (name: string): string => readFileSync(join(__dirname, `${name}.lua`), 'utf8')

/** Makes the scripts commands of a connection. Each expects the number of keys first. */
export function defineScripts(redis: Redis): asserts redis is RedisWithScripts {
  const shared = { [SHARED.queue]: read(SHARED.queue), [SHARED.windows]: read(SHARED.windows) }
  for (const [name, before] of Object.entries(SCRIPTS)) redis.defineCommand(name, { lua: shared[before] + read(name) })
}
