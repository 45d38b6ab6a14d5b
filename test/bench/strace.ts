/** Counts what a process writes to files and syncs, by tracing its system calls. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

const STRACE = '/usr/bin/strace'
const SYNCS = ['fsync', 'fdatasync', 'sync', 'syncfs', 'sync_file_range', 'msync']
const WRITES = ['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2']

export interface Counts {
  syncs: number
  bytes: number
}

export interface Traced {
  /** What the process has printed. */
  output: string
  /** Of the time between two epoch ms. */
  count(begin: number, end: number): Promise<Counts>
}

/** @throws Error without strace: nothing is measured then */
export function needsStrace(): void {
  if (!existsSync(STRACE)) throw new Error(`The bench of writes needs ${STRACE}, and it is missing: install it, as with apt-get install strace (Linux only).`)
}

/**
 * Runs Node.js to its end.
 * @param log where the calls are written
 */
export async function traced(log: string, parameters: readonly string[]): Promise<Traced> {
  // Without io_uring, which passes system calls by.
  const child = spawn(STRACE, ['-f', '--seccomp-bpf', '-ttt', '-y', '-s', '0', '-e', `trace=${[...SYNCS, ...WRITES].join(',')}`, '-o', log, process.execPath, ...parameters], {
    env: { ...process.env, UV_USE_IO_URING: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (text) => (output += String(text)))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The traced process ended with ${code ?? 'a signal'}: ${output}`)
  return { output, count: (begin, end) => counted(log, begin, end) }
}

/** A call, or its beginning if another thread comes between: thread, epoch s, name, file, and what it returned. */
const CALL = /^(?<thread>\d+) +(?<at>[\d.]+) (?<name>\w+)\(\d*(?:<(?<file>[^>]*)>)?.*?(?:= (?<result>-?\d+).*|<unfinished \.\.\.>)$/
const END = /^(?<thread>\d+) +[\d.]+ <\.\.\. \w+ resumed>.*= (?<result>-?\d+)/

async function counted(log: string, begin: number, end: number): Promise<Counts> {
  const counts = { syncs: 0, bytes: 0 }
  /** Threads in a call that writes to a file. */
  const writing = new Set<string>()
  const add = (result: string | undefined): void => void (counts.bytes += Math.max(0, Number(result)))
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const resumed = END.exec(line)?.groups
    if (resumed && writing.delete(resumed.thread ?? '')) add(resumed.result)
    const call = CALL.exec(line)?.groups
    if (!call || !isBetween(Number(call.at) * 1000, begin, end) || !isFile(call.file ?? '')) continue
    if (SYNCS.includes(call.name ?? '')) counts.syncs += 1
    else if (call.result === undefined) writing.add(call.thread ?? '')
    else add(call.result)
  }
  return counts
}

const isBetween = (at: number, begin: number, end: number): boolean => at >= begin && at <= end

/** Pipes, sockets and terminals are none. */
const isFile = (path: string): boolean => path.startsWith('/') && !path.startsWith('/dev/')
