/**
 * Checks the replies of Redis before ioredis reads them. ioredis 6.0 ends the process when it gets a null that no
 * command waits for, or a push without a name: see docs/upstream/ioredis-null-reply.md. The scripts and commands of the
 * store never reply with a bare null or a push, so all of these are malformed.
 */
import type { Redis } from 'ioredis'

/** Bytes of a status or of a length; longer ones are no reply of Redis. */
const LONGEST_LINE = 64 * 1024

/** A reply that Redis never gives to the commands of a store. */
export class MalformedReply extends Error {
  readonly code = 'EPROTO'
}

/** Checks all bytes of the current connection. Call it on each `connect` of ioredis: no reply has come by then. */
export function guardReplies({ stream }: Redis): void {
  const replies = new ReplyScanner()
  // Node types listeners as functions of anything.
  const listeners = stream.listeners('data') as ((data: Buffer) => void)[]
  for (const listener of listeners) {
    stream.removeListener('data', listener)
    stream.prependListener('data', (data: Buffer) => {
      if (stream.destroyed) return
      if (replies.accept(data)) listener(data)
      else stream.destroy(new MalformedReply('Redis sent a malformed reply'))
    })
  }
}

/** Follows the replies of one connection, however their bytes are cut into chunks. */
export class ReplyScanner {
  /** The beginning of a line whose end has not come. */
  #line = ''
  /** Bytes of a text that have not come, with its line end. */
  #text = 0
  /** Items that have not come, of each list that is open. */
  readonly #open: number[] = []

  /** Whether the replies are well formed up to here. */
  accept(data: Buffer): boolean {
    for (let at = 0; at < data.length; ) {
      if (this.#text > 0) {
        const count = Math.min(this.#text, data.length - at)
        at += count
        this.#text -= count
        if (this.#text === 0) this.#itemEnded()
        continue
      }
      const end = data.indexOf('\n', at)
      this.#line += data.toString('latin1', at, end === -1 ? data.length : end)
      if (end === -1) return this.#line.length < LONGEST_LINE
      at = end + 1
      if (!this.#lineEnded(this.#line.trimEnd())) return false
      this.#line = ''
    }
    return true
  }

  #lineEnded(line: string): boolean {
    const type = line.charAt(0)
    const isList = LISTS.has(type)
    if (!isList && !TEXTS.has(type)) {
      // A null by itself is malformed, and a null among others is not.
      const isKnown = SIMPLE.has(type) && (type !== '_' || this.#open.length > 0)
      if (isKnown) this.#itemEnded()
      return isKnown
    }
    const size = Number(line.slice(1))
    if (size === -1 && this.#open.length > 0) this.#itemEnded()
    else if (line.length === 1 || !Number.isInteger(size) || size < 0) return false
    else if (!isList) this.#text = size + 2
    else if (size === 0) this.#itemEnded()
    else this.#open.push(type === '%' ? 2 * size : size)
    return true
  }

  /** The last item of a list ends the list, which may be the last item of another one. */
  #itemEnded(): void {
    while (this.#open.length > 0) {
      const left = (this.#open.pop() ?? 1) - 1
      if (left === 0) continue
      this.#open.push(left)
      return
    }
  }
}

/** First characters of replies, by the protocol of Redis. Pushes (`>`) and attributes (`|`) are not asked for. */
const SIMPLE: ReadonlySet<string> = new Set(['+', '-', ':', '_', ',', '#', '('])
const TEXTS: ReadonlySet<string> = new Set(['$', '=', '!'])
const LISTS: ReadonlySet<string> = new Set(['*', '~', '%'])
