/**
 * Locks a folder for one process. The lock is a socket on which its owner listens. When the owner ends, even by a
 * crash, the socket no longer responds. A file with a process id is not reliable, because another process may get the
 * same id.
 */
import { createHash, randomBytes } from 'node:crypto'
import { link, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sentence } from '../../base/sentence'
import { StoreError } from '../store'
import { codeOf } from './fault'

export interface Lock {
  release(): Promise<void>
}

/** A predecessor that is just closing is waited for. */
const MAXIMUM_WAIT = 5_000
const PAUSE = 100
/** Time for another process that saw the same dead lock to show itself. */
const DOUBT = 30
/** A socket's path is at most 104 to 108 bytes long. */
const LONGEST_PATH = 90
const NAME = 'lock'

/**
 * @param maximumWait ms
 * @throws StoreError UNUSABLE when another process keeps it
 */
export async function lockFolder(folder: string, maximumWait = MAXIMUM_WAIT): Promise<Lock> {
  const until = performance.now() + maximumWait
  for (;;) {
    const lock = process.platform === 'win32' ? await lockPipe(await pipeOf(folder)) : await lockSocket(folder)
    if (lock) return lock
    if (performance.now() >= until)
      throw new StoreError('UNUSABLE', sentence`the store in ${folder} is used by another process; stop that process, or give this Node-RED its own user directory`)
    await sleep(PAUSE)
  }
}

const digestOf = async (folder: string): Promise<string> => createHash('sha256').update(await realpath(folder)).digest('hex').slice(0, 24)
const pipeOf = async (folder: string): Promise<string> => `\\\\.\\pipe\\sensor-clouds-${await digestOf(folder)}`

/** A pipe of Windows goes with its process. */
async function lockPipe(path: string): Promise<Lock | undefined> {
  const server = await listen(path)
  return server && { release: () => end(server) }
}

/** A socket in the folder, so that containers which share the folder see it; where that cannot be, in the temporary one. */
async function lockSocket(folder: string): Promise<Lock | undefined> {
  try {
    return await lockIn(folder, NAME)
  } catch (fault) {
    if (!UNABLE.has(codeOf(fault) ?? '')) throw fault
    return lockIn(tmpdir(), `sensor-clouds-${await digestOf(folder)}`)
  }
}

/** A file system without sockets or links says one of these. */
const UNABLE: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'ENAMETOOLONG'])

/**
 * Listens under a name of its own and links that to the lock's name, which only one process can do. A lock whose owner is
 * dead is moved aside first.
 */
async function lockIn(folder: string, name: string): Promise<Lock | undefined> {
  const reach = await reachable(folder)
  const own = `${name}.${randomBytes(6).toString('hex')}`
  let server: Server | undefined
  try {
    server = await listen(reach.path(own))
    if (!server) return undefined
    const file = await fileAt(join(folder, own))
    if (file === undefined || !(await claim(folder, name, own, reach)) || (await fileAt(join(folder, name))) !== file) return undefined
    const owned = server
    server = undefined
    return { release: () => release(join(folder, name), file, owned) }
  } finally {
    if (server) await end(server)
    // The lock's name is enough from here on, and a crash leaves only that one.
    await rm(join(folder, own), { force: true })
    await reach.close()
  }
}

async function claim(folder: string, name: string, own: string, reach: Reach): Promise<boolean> {
  for (let attempts = 0; attempts < 3; attempts += 1) {
    try {
      await link(join(folder, own), join(folder, name))
      if (attempts > 0) await sleep(DOUBT)
      return true
    } catch (fault) {
      if (codeOf(fault) !== 'EEXIST') throw fault
    }
    if (await answers(reach.path(name))) return false
    await moveAside(folder, name, reach)
  }
  return false
}

/** What was moved may be a new lock that another process has just made; then it gets its name back. */
async function moveAside(folder: string, name: string, reach: Reach): Promise<void> {
  const aside = `${name}.${randomBytes(6).toString('hex')}`
  try {
    await rename(join(folder, name), join(folder, aside))
  } catch (fault) {
    if (codeOf(fault) === 'ENOENT') return
    throw fault
  }
  if (await answers(reach.path(aside))) await link(join(folder, aside), join(folder, name)).catch(() => undefined)
  await rm(join(folder, aside), { force: true })
}

/** What a name stands for, whatever it is called; undefined when there is nothing. */
async function fileAt(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path)
    return `${dev} ${ino}`
  } catch {
    return undefined
  }
}

async function release(path: string, file: string, server: Server): Promise<void> {
  if ((await fileAt(path)) === file) await rm(path, { force: true })
  await end(server)
}

interface Reach {
  /** A path of a file of the folder that is short enough for a socket. */
  path(name: string): string
  close(): Promise<void>
}

/** Linux reaches an open folder by a short path, however long its own is. */
async function reachable(folder: string): Promise<Reach> {
  if (Buffer.byteLength(join(folder, NAME)) <= LONGEST_PATH - 40) return { path: (name) => join(folder, name), close: () => Promise.resolve() }
  if (process.platform !== 'linux') throw Object.assign(new Error('the path is too long for a socket'), { code: 'ENAMETOOLONG' })
  const handle = await open(folder, 'r')
  return { path: (name) => join('/proc/self/fd', String(handle.fd), name), close: () => handle.close() }
}

/** @returns undefined when somebody listens there already */
function listen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy())
  // It must not keep a process alive that has nothing else to do.
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', (fault) => (codeOf(fault) === 'EADDRINUSE' ? resolve(undefined) : reject(fault)))
    server.listen(path, () => resolve(server))
  })
}

const end = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

/** Whether a living process listens there. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    const say = (alive: boolean) => (): void => {
      socket.destroy()
      resolve(alive)
    }
    socket.once('connect', say(true))
    socket.once('error', (fault) => say(!DEAD.has(codeOf(fault) ?? ''))())
  })
}

const DEAD: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK', 'ECONNRESET'])
