/** A process that has the store of a folder: it is killed while it writes, or tells how much memory a queue takes. */
import { openEmbedded } from '../../../src/lib/store/embedded/embedded-store'
import type { Queue } from '../../../src/lib/store/store'

const [, , folder = '', mode = '', run = ''] = process.argv
/** Resolves when the system has the message: what only waits in this process is lost when it is killed. */
const say = (...parts: string[]): Promise<void> => new Promise((resolve) => process.send?.(parts, () => resolve()))

async function append(queue: Queue): Promise<void> {
  for (let index = 0; ; index += 1) {
    const texts = Array.from({ length: 1 + (index % 5) }, (_, part) => `${run}.${index}.${part}`)
    await queue.append(texts, 1_000_000)
    await say('accepted', ...texts)
  }
}

async function deliver(queue: Queue): Promise<void> {
  for (;;) {
    const entries = await queue.take(20)
    const texts = entries.map(({ text }) => text)
    // From here until it is done nobody knows on which side of the kill it is.
    await say('asked', ...texts)
    await queue.done(entries.map(({ id }) => id))
    await say('done', ...texts)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

/** KiB that the process has had at most. */
const mostMemory = (): number => process.resourceUsage().maxRSS

async function measure(): Promise<void> {
  const before = mostMemory()
  const store = await openEmbedded(folder)
  const { depth } = await (await store.queue('a')).state()
  await say('measured', String(depth), String(mostMemory() - before))
  await store.close()
  process.disconnect()
}

async function main(): Promise<void> {
  if (mode === 'measure') return measure()
  // It has loaded its code before the test wants it.
  if (mode === 'write') await new Promise((resolve) => process.once('message', resolve))
  const store = await openEmbedded(folder)
  await say('open')
  if (mode !== 'write') return void setInterval(() => undefined, 1000)
  const queue = await store.queue('a')
  void append(queue)
  await deliver(queue)
}

void main()
