/**
 * All figures of docs/performance.md: `npm run bench`, or some sections of it: `npm run bench -- limiter flows`.
 * With `--write` the document gets the tables of the sections that have just run; the others stay as they were written.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { apart } from './apart'
import { benches, writeSections } from './document'
import { markdown, missed, type Figure } from './figure'

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { write: { type: 'boolean' } }, allowPositionals: true })
  const unknown = positionals.filter((name) => !(name in benches))
  if (unknown.length > 0) throw new Error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  const names = positionals.length > 0 ? positionals : Object.keys(benches)
  const ran = new Map<string, string>()
  for (const name of names) {
    const { title, text, figures: entry } = benches[name]!
    const figures = await apart<Figure[]>(join(__dirname, name), entry)
    const section = markdown({ title, text, figures })
    ran.set(title, section)
    console.log(`\n${section}`)
    if (figures.some(missed)) process.exitCode = 1
  }
  if (values.write) writeSections(ran)
}

void run()
