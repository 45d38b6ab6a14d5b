/** The Node-RED versions that the package is tried on, and the package as npm makes it. */
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from './command'
import { accepts } from './range'

export const ROOT = join(__dirname, '..', '..')
const WORK = join(ROOT, '.tmp')
/** What a fresh checkout lacks. */
const LEFT_OUT = ['.git', '.tmp', '.demo', 'coverage', 'dist', 'node_modules', 'resources']

/** A Node-RED, and the Node.js that runs it. */
export interface Installation {
  /** Path of the program. */
  node: string
  /** Path of its red.js. */
  nodeRed: string
}

/** Node-RED 4 of this checkout, on the present Node.js. */
export const nodeRed4 = (): Promise<Installation> =>
  Promise.resolve({ node: process.execPath, nodeRed: require.resolve('node-red/red.js') })

/** Node-RED 5 needs Node.js 22.9. */
const isNewEnough = accepts('>=22.9.0', process.versions.node)

/**
 * Node-RED 5 from npm, kept in .tmp/ for the next run; on Node.js 24 from npm where the present one is too old.
 * @throws Error when npm cannot get them
 */
export async function nodeRed5(): Promise<Installation> {
  const folder = join(WORK, 'node-red-5')
  const modules = join(folder, 'node_modules')
  const found = { node: isNewEnough ? process.execPath : join(modules, 'node', 'bin', 'node'), nodeRed: join(modules, 'node-red', 'red.js') }
  if (existsSync(found.node) && existsSync(found.nodeRed)) return found
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  await run('npm', ['install', ...(isNewEnough ? [] : ['node@24']), 'node-red@5', '--no-audit', '--no-fund'], { cwd: folder, timeout: 180_000 })
  if (!existsSync(found.node)) throw new Error('npm installed the package "node" without its program: are install scripts off?')
  return found
}

export interface Packed {
  tarball: string
  /** Paths in the package. */
  files: string[]
}

/**
 * The tarball that would be published, built first. It is made in a copy, because a build empties `dist/`, which other
 * tests read at the same time.
 */
export async function pack(): Promise<Packed> {
  const folder = await workFolder('pack-')
  const copy = join(folder, 'copy')
  const names = (await readdir(ROOT)).filter((name) => !LEFT_OUT.includes(name))
  for (const name of names) await cp(join(ROOT, name), join(copy, name), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir')
  await run('npm', ['pack', '--pack-destination', folder], { cwd: copy, timeout: 120_000 })
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'))
  if (name === undefined) throw new Error('npm pack made no tarball')
  const tarball = join(folder, name)
  const list = await run('tar', ['-tzf', tarball], { cwd: folder, timeout: 30_000 })
  const files = list.split('\n').filter((path) => path !== '' && !path.endsWith('/')).map((path) => path.replace(/^package\//, ''))
  return { tarball, files: files.sort() }
}

/** A clean user directory with the package in it, installed as the palette manager does it. */
export async function installInto({ tarball }: Packed, { node }: Installation): Promise<string> {
  const userDir = await workFolder('user-')
  await writeFile(join(userDir, 'package.json'), '{ "name": "node-red-project", "version": "0.0.1", "private": true }\n')
  const flags = ['--no-audit', '--no-fund', '--save', '--save-prefix=~', '--omit=dev', '--engine-strict']
  try {
    await run('npm', ['install', ...flags, tarball], { cwd: userDir, timeout: 90_000, node })
  } catch (error) {
    await rm(userDir, { recursive: true, force: true })
    throw error
  }
  return userDir
}

async function workFolder(prefix: string): Promise<string> {
  await mkdir(WORK, { recursive: true })
  return mkdtemp(join(WORK, prefix))
}

export interface Manifest {
  name: string
  license?: string
  repository?: { url?: string }
  bugs?: { url?: string }
  keywords?: string[]
  engines?: { node?: string }
  files?: string[]
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  'node-red'?: { version?: string; nodes?: Record<string, string> }
}

export const readManifest = async (folder: string = ROOT): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest

/** The version of an installed Node-RED. */
export async function versionOf({ nodeRed }: Installation): Promise<string> {
  return (JSON.parse(await readFile(join(dirname(nodeRed), 'package.json'), 'utf8')) as { version: string }).version
}
