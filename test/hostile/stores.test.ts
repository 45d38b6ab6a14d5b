/** A worn SD card, a half restored backup, another program in the folder: what a damaged store does to a start. */
import assert from 'node:assert/strict'
import { chmodSync, cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wrongIn } from './shape'
import { HostileServer, sayJson } from './hostile-server'
import { after as usual, flowOf, TAB, TARGETS, type Target } from './targets'
import { Victim, type VictimProcess } from './victim-process'

const READ = TARGETS.find(({ vendor }) => vendor === 'thingsee')!
const SEND: Target = { ...TARGETS.find(({ vendor }) => vendor === 'sensocan')!, node: { outbox: true } }

interface Damage {
  name: string
  why: string
  /** To each file of the store. */
  to(file: string): void
}

/** Not by chance, so that a failure comes again. */
const noise = (length: number): Buffer => {
  let seed = 7
  return Buffer.from(Array.from({ length }, () => (seed = (seed * 16_807) % 2_147_483_647) % 256))
}

const replaceBy = (make: (file: string) => void) => (file: string): void => {
  rmSync(file)
  make(file)
}

const DAMAGES: readonly Damage[] = [
  { name: 'truncated', why: 'the power went', to: (file) => truncateSync(file, Math.floor(statSync(file).size / 2)) },
  { name: 'empty', why: 'the file system lost the content', to: (file) => truncateSync(file, 0) },
  { name: 'filled with zeros', why: 'the file system lost the content', to: (file) => writeFileSync(file, Buffer.alloc(statSync(file).size)) },
  { name: 'random bytes', why: 'a worn card', to: (file) => writeFileSync(file, noise(100_000)) },
  { name: 'random bytes behind what is right', why: 'a worn card', to: (file) => writeFileSync(file, Buffer.concat([readFileSync(file), noise(1_000)])) },
  { name: '50 MB of one line', why: 'another program wrote there', to: (file) => writeFileSync(file, Buffer.alloc(50_000_000, 97)) },
  { name: '50 MB of marks', why: 'each may be the begin of a record', to: (file) => writeFileSync(file, Buffer.alloc(50_000_000, Buffer.from([0xa5, 0x5c]))) },
  { name: 'JSON of wrong types', why: 'a backup of another version', to: (file) => writeFileSync(file, '{"__proto__":{"polluted":true}}') },
  { name: 'a symbolic link to nowhere', why: 'a backup that keeps links', to: replaceBy((file) => symlinkSync('/nowhere/at/all', file)) },
  { name: 'a symbolic link to itself', why: 'a backup that keeps links', to: replaceBy((file) => symlinkSync(file, file)) },
  { name: 'a symbolic link to a device', why: 'it never ends', to: replaceBy((file) => symlinkSync('/dev/zero', file)) },
  { name: 'a folder', why: 'a backup tool made it', to: replaceBy((file) => mkdirSync(file)) },
  { name: 'a hard link to another', why: 'a tool that saves room', to: (file) => {
    renameSync(file, `${file}.other`)
    linkSync(`${file}.other`, file)
  } },
  { name: 'unreadable', why: 'Node-RED ran as another user once', to: (file) => chmodSync(file, 0o000) },
]

/** Root reads everything. */
const isRoot = process.getuid?.() === 0

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))

describe('a hostile world: a damaged store', function () {
  this.timeout(240_000)
  let server: HostileServer
  let folder: string
  const victim = new Victim()

  before(async () => {
    server = await HostileServer.start()
    folder = mkdtempSync(join(tmpdir(), 'hostile-stores-'))
    // What a Node-RED keeps that has read and sent.
    const process = await victim.get()
    mkdirSync(join(folder, 'whole'))
    assert.deepEqual(await useIn(process, join(folder, 'whole'), true), [])
    assert.ok(filesIn(join(folder, 'whole')).length >= 2, 'values and a queue are kept')
  })
  after(async () => {
    await victim.end()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Reads and sends with the stores of a user directory. @returns what is wrong */
  async function useIn(process: VictimProcess, userDir: string, well = false): Promise<string[]> {
    const flow = [READ, SEND].flatMap((target, index) => flowOf(target, `n${index}`, server.place(usual(target, sayJson(target.ordinary))).url))
    await process.ask({ name: 'deploy', flow: [TAB, ...flow], userDir })
    const outcomes = await Promise.all([READ, SEND].map(({ message }, index) => process.ask({ name: 'run', node: `n${index}`, message: { json: message } })))
    return outcomes.flatMap((outcome) => [...wrongIn(outcome), ...(well && outcome.sent !== 1 ? [`it failed: ${JSON.stringify(outcome)}`] : [])])
  }

  /** Leaves the stores, so that nobody has them. */
  const leave = (process: VictimProcess): Promise<null> => process.ask({ name: 'deploy', flow: [TAB] })

  for (const { name, to } of DAMAGES)
    it(`whose files are ${name}`, async function () {
      if (name === 'unreadable' && isRoot) {
        console.log('      skipped: root reads files without permission; run the tests as another user')
        this.skip()
      }
      let copies = 0
      await victim.attack(async (process) => {
        await leave(process)
        const userDir = join(folder, `${name.replaceAll(' ', '-')}-${(copies += 1)}`)
        cpSync(join(folder, 'whole'), userDir, { recursive: true })
        for (const file of filesIn(join(userDir, 'sensor-clouds'))) to(file)
        const first = await useIn(process, userDir)
        await leave(process)
        const second = await useIn(process, userDir)
        await leave(process)
        assert.deepEqual([first, second], [[], []])
      })
    })
})
