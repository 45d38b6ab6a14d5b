/**
 * The groups of test files. Each group runs in one process of mocha, and several groups run at the same time.
 * A group always has the same files in the same order, so that a failure can be repeated.
 */
import { readdirSync } from 'node:fs'
import { join, sep } from 'node:path'

export const ROOT = join(__dirname, '..', '..')

export interface Group {
  /** Such as `nodes 1/2`. */
  name: string
  kind: string
  /** See `Kind`. */
  cores: number
  /** Paths from the package's root. */
  files: readonly string[]
}

interface Kind {
  name: string
  /** A file belongs to the first kind that takes it. */
  takes: RegExp
  /** The number of groups that share its files. */
  groups: number
  /** The cores that a group keeps busy on average: most tests wait for timers and sockets. */
  cores: number
  /** Whether it needs a browser, Redis, the packed package, or processes that are harmed or killed: `npm run test:fast` leaves it out. */
  isSlow: boolean
}

/** In the order in which they start: what takes longest comes first. */
const KINDS: readonly Kind[] = [
  { name: 'browser', takes: /^test\/browser\//, groups: 6, cores: 0.8, isSlow: true },
  // One group, because it measures for how long Node-RED computes, which a busy machine makes longer.
  { name: 'hostile', takes: /^test\/hostile\//, groups: 1, cores: 0.5, isSlow: true },
  { name: 'redis', takes: /\/redis-[^/]+\.test\.ts$|^test\/faults\/two-processes\.test\.ts$/, groups: 1, cores: 0.25, isSlow: true },
  { name: 'kills', takes: /^test\/faults\/|^test\/lib\/store\/embedded-processes\.test\.ts$/, groups: 1, cores: 0.5, isSlow: true },
  { name: 'installation', takes: /^test\/package\/(install|library)\.test\.ts$/, groups: 1, cores: 0.8, isSlow: true },
  { name: 'examples', takes: /^test\/examples\//, groups: 2, cores: 0.5, isSlow: false },
  { name: 'library', takes: /^test\/lib\//, groups: 2, cores: 0.8, isSlow: false },
  { name: 'others', takes: /^test\/(?!nodes\/)/, groups: 1, cores: 0.8, isSlow: false },
  { name: 'nodes', takes: /^test\/nodes\//, groups: 2, cores: 0.6, isSlow: false },
]

/** All files of tests below a folder, from the package's root, with forward slashes. */
export function testFiles(root: string = ROOT): string[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.test.ts')).map((file) => `test/${file.split(sep).join('/')}`).sort()
}

/** Every file stands in one group. */
export function groupsOf(files: readonly string[]): Group[] {
  return KINDS.flatMap(({ name, groups, cores }) => {
    const own = files.filter((file) => kindOf(file).name === name)
    const count = Math.min(groups, own.length)
    // In turns, since neighbours often take about the same time.
    return Array.from({ length: count }, (_, index) => ({
      name: count === 1 ? name : `${name} ${index + 1}/${count}`,
      kind: name,
      cores,
      files: own.filter((_file, place) => place % count === index),
    }))
  })
}

export const isFast = (file: string): boolean => !kindOf(file).isSlow

/** @throws Error for a file outside test/ */
export function kindOf(file: string): Kind {
  const kind = KINDS.find(({ takes }) => takes.test(file))
  if (!kind) throw new Error(`${file} is no file of tests: they are in test/`)
  return kind
}
