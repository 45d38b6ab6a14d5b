/** The list of docs/examples.md: each example with what it does, what it needs, and its picture. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './build/paths'

const EXAMPLES = join(ROOT, 'examples')

/** Path of an example's picture, from docs/. */
export const pictureOf = (file: string): string =>
  `images/examples/${file.replace(/\.json$/, '').toLowerCase().replace(/[^a-z0-9]+/g, '-')}.png`

interface Comment {
  type: string
  name?: string
  info?: string
}

/** What the comment node says of packages that must be installed. */
const NEEDS = /^This example needs .*$/m

function section(file: string): string {
  const flow = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as Comment[]
  const { name = '', info = '' } = flow.find(({ type }) => type === 'comment') ?? {}
  const title = file.replace(/\.json$/, '')
  const [needs] = NEEDS.exec(info) ?? []
  const text = [`${name}.`, ...(needs === undefined ? [] : [needs])].join(' ')
  return `## ${title}\n\n${text}\n\n![The flow of this example](${pictureOf(file)})`
}

export const exampleList = (): string =>
  readdirSync(EXAMPLES).filter((file) => file.endsWith('.json')).sort().map(section).join('\n\n')
