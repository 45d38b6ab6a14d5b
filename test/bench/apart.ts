/** Work in a process of its own, so that memory and event loop are nobody else's. */
import { fork } from 'node:child_process'
import { once } from 'node:events'

/**
 * Calls an exported function of a module in a new process.
 * @param file absolute path of the module
 * @param input what JSON can carry
 * @returns what the function gave, as JSON carries it
 * @throws Error when the process ends without an answer; it has printed why
 */
export async function apart<T>(file: string, name: string, input: unknown = null): Promise<T> {
  const child = fork(__filename, [file, name, JSON.stringify(input)])
  let answer: { result: T } | undefined
  child.once('message', (message) => (answer = message as { result: T }))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0 || !answer) throw new Error(`${name} ended with ${code ?? 'a signal'} and without figures`)
  return answer.result
}

/** The other side: the process ends by itself after its answer, and at once when its parent has gone. */
async function answer([file = '', name = '', input = 'null']: readonly string[]): Promise<void> {
  const orphaned = (): void => process.exit(1)
  process.once('disconnect', orphaned)
  const module = require(file) as Record<string, (input: unknown) => Promise<unknown>>
  const work = module[name]
  if (!work) throw new Error(`${file} has no ${name}`)
  const result = await work(JSON.parse(input))
  process.off('disconnect', orphaned)
  process.send?.({ result }, () => process.disconnect())
}

if (require.main === module) void answer(process.argv.slice(2))
