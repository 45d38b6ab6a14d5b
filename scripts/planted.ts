/**
 * `npm run planted`: plants one fault after another in a copy of the package, and expects the model of its subject to
 * find it. Prints the history that each model found.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PLANTED, type Planted } from '../test/properties/planted'

const ROOT = join(__dirname, '..')
const COPIED = ['src', 'test', 'package.json', 'tsconfig.json', 'tsconfig.check.json']
/** Ms for one model; shrinking is included. */
const LONGEST = 300_000

/** @returns the history that fails; undefined when the model found nothing */
function tried(folder: string, { file, find, replace, test }: Planted): string | undefined {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  if (text.split(find).length !== 2) throw new Error(`${file} must have this once: ${find}`)
  writeFileSync(path, text.replace(find, () => replace))
  try {
    const mocha = require.resolve('mocha/bin/mocha.js')
    const args = ['--import', 'tsx', mocha, '--no-config', '--timeout', String(LONGEST), `test/properties/${test}.test.ts`]
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: LONGEST })
    if (status === 0) return undefined
    const found = /Repeat it with SEED=.*\n.*/.exec(stdout)
    if (!found) throw new Error(`${test} failed without a history:\n${stdout}`)
    return found[0]
  } finally {
    writeFileSync(path, text)
  }
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'))
  try {
    for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const wanted = process.argv.slice(2)
    for (const planted of PLANTED) {
      if (wanted.length > 0 && !wanted.includes(planted.test)) continue
      const found = tried(folder, planted)
      console.log(`${found === undefined ? 'NOT FOUND' : 'found'}: ${planted.fault} (${planted.test})`)
      if (found === undefined) process.exitCode = 1
      else console.log(`  ${found.slice(0, 600).replaceAll('\n', '\n  ')}`)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

main()
