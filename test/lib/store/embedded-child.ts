/** A process that has the store of a folder, to be killed: says what it was promised. */
import { openEmbedded } from '../../../src/lib/store/embedded/embedded-store'
import type { Queue } from '../../../src/lib/store/store'

const [, , folder = '', mode = '', run = ''] = process.argv
const say = (...parts: string[]): void => void process.send?.(parts)

async function append(queue: Queue): Promise<void> {
  for (let index = 0; ; index += 1) {
    const texts = Array.from({ length: 1 + (index % 5) }, (_, part) => `${run}.${index}.${part}`)
    await queue.append(texts, 1_000_000)
    say('accepted', ...texts)
  }
}

async function deliver(queue: Queue): Promise<void> {
  for (;;) {
    const entries = await queue.take(20)
    const texts = entries.map(({ text }) => text)
    // From here until it is done nobody knows on which side of the kill it is.
    say('asked', ...texts)
    await queue.done(entries.map(({ id }) => id))
    say('done', ...texts)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

async function main(): Promise<void> {
  const store = await openEmbedded(folder)
  say('open')
  if (mode !== 'write') return void setInterval(() => undefined, 1000)
  const queue = await store.queue('a')
  void append(queue)
  await deliver(queue)
}

void main()
