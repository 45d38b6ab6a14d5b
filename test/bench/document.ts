/** The sections of docs/performance.md: what is measured for each, and how the document gets its tables. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

export interface Bench {
  title: string
  /** What was done, for the reader of the document. */
  text: string
  /** The exported function of the module of the section's name that gives its figures. */
  figures: string
}

/** By module name, in the order of the document. */
export const benches: Readonly<Record<string, Bench>> = {
  core: {
    title: 'Beside the core nodes',
    text: 'The get data node and the core `http request` node in one Node-RED, in flows of the same shape, against one server in a process of its own. Then 2,000 messages at once, each node in a fresh process, against a server that takes 100 ms.',
    figures: 'coreFigures',
  },
  client: {
    title: 'Client',
    text: 'What the client adds to a request, beside bare axios on the same kind of agent.',
    figures: 'clientFigures',
  },
  flows: {
    title: 'Flows within a limit',
    text: '20 nodes on 5 tabs and two accounts with one key send 2,000 requests at once to a server that enforces a limit in any second and answers 429 beyond it, in real time. "Used" is what came once the first second\'s worth had come, beside what the limit allows in that time.',
    figures: 'flowsFigures',
  },
  limiter: {
    title: 'Limiter',
    text: 'Time and memory are real; the rates are simulated with a clock of its own, so they do not depend on the machine.',
    figures: 'limiterFigures',
  },
  calendar: {
    title: 'Days and months',
    text: 'Simulated time, with 10 to 60 ms on the way to the vendor, which counts what arrives. The demand begins before the period and goes beyond its limit; a burst leaves just before midnight.',
    figures: 'calendarFigures',
  },
  charts: {
    title: 'Charts',
    text: 'Ten charts poll one Sensorist account every minute for a simulated hour; some show the same.',
    figures: 'chartsFigures',
  },
  outages: {
    title: 'Outages',
    text: '60 s of resets, 503s and truncated answers, at random and all at once, in real time.',
    figures: 'outagesFigures',
  },
  pages: {
    title: 'Reading since last',
    text: 'A million measurements of one data source, 5,000 a page, handed on page by page, with a crash at one page in twenty: before it is handed on, or before that is noted. A page that was handed on and not noted comes again.',
    figures: 'pageFigures',
  },
  store: {
    title: 'Embedded store',
    text: 'The queue of the outbox on the disk of this machine, which is told to sync before a reading counts as accepted; readings that come at once share a sync. Then a new process opens the queue that the first one left, and empties it.',
    figures: 'storeFigures',
  },
  writes: {
    title: 'Writes to the disk',
    text: 'Each row is a Node-RED with one flow, in a process whose system calls are traced for a minute, after its first message; the counts are extrapolated to a day. Where more than a minute of its clock passes, that clock runs so many times faster. Syncs are `fsync`, `fdatasync` and the like; bytes are what the process writes to files, without what the file system adds.',
    figures: 'writesFigures',
  },
  kills: {
    title: 'Kills',
    text: 'A process with the outbox of a SensoCAN device is fed with readings and killed with SIGKILL within half a second, again and again, while the cloud is up, away, slow, or hangs up before or after it has stored what came. The next process goes on with the same folder. A reading counts as accepted when the process has said so. Then two processes have one outbox in Redis, and one of them dies for good again and again: the other sends what was in Redis. What a process accepted while Redis was away is in its own folder alone, and is sent when a process with that folder runs again.',
    figures: 'killFigures',
  },
  load: {
    title: 'Installed in a Node-RED',
    text: 'Node-RED starts in a fresh process without the package, with it but without a node of it, and with one account and one node, in turns. That node makes one read of the simulator. Then memory is read after a garbage collection. Then one process deploys the same flow again and again.',
    figures: 'loadFigures',
  },
  shared: {
    title: 'Two processes on one key',
    text: 'Two processes with one key share their limit through Redis. Together they send as many requests as 20 s allow, or 40 s at 9 a second, all at once, to a server that enforces the limit in any second, in real time. "Used" is what came once the first second\'s worth had come, beside what the limit allows in that time.',
    figures: 'sharedFigures',
  },
}

/** The section of `npm run soak`. */
export const MONTH = 'A simulated month'

const DOCUMENT = join(__dirname, '../../docs/performance.md')

const intro = (): string => `# Performance

Written by \`npm run bench -- --write\` and \`npm run soak -- --write\`, last on a machine with ${cpus().length} cores and Node.js ${process.versions.node}. Absolute figures vary from machine to machine; the ratios are of one run. Each section runs in a process of its own, on loopback. What misses its mark is marked so.`

/** Writes the new sections, by their titles, and keeps the others as they were written. */
export function writeSections(ran: ReadonlyMap<string, string>): void {
  const before = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8').split(/^(?=### )/m) : []
  const titles = [...Object.values(benches).map(({ title }) => title), MONTH]
  const sections = titles.flatMap((title) => ran.get(title) ?? before.find((part) => part.startsWith(`### ${title}\n`)) ?? [])
  writeFileSync(DOCUMENT, `${[intro(), ...sections].map((part) => part.trim()).join('\n\n')}\n`)
}
