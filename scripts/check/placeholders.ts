/** What only the owner of the package can fill in before the first release. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './sources'

export interface Placeholder {
  file: string
  /** Stands in the file as long as nobody has filled it in. */
  open: RegExp
  /** What to fill in, for people. */
  what: string
}

export const PLACEHOLDERS: readonly Placeholder[] = [
  {
    file: 'package.json',
    open: /"name": "node-red-contrib-sensor-clouds"/,
    what: 'the npm scope in `name`: `@scope/node-red-contrib-sensor-clouds`. Then run `npm install --package-lock-only`, and change the name in README.md and docs/examples.md',
  },
  {
    file: 'package.json',
    open: /github\.com\/node-red-contrib-sensor-clouds\//,
    what: 'the address of the repository, in `homepage`, `repository` and `bugs`',
  },
  { file: 'SECURITY.md', open: /\[PLACEHOLDER\b/, what: 'a private address for reports of vulnerabilities and of conduct' },
  { file: '.github/CODEOWNERS', open: /@PLACEHOLDER\b/, what: 'who is asked to review changes' },
]

/** A line for each that is open. @param read gives the text of a file */
export const openPlaceholders = (read: (file: string) => string = (file) => readFileSync(join(ROOT, file), 'utf8')): string[] =>
  PLACEHOLDERS.filter(({ file, open }) => open.test(read(file))).map(({ file, what }) => `${file}: fill in ${what}`)
