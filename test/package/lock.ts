/** package-lock.json: what users install, and on which Node.js it can be installed. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './installation'

export interface LockEntry {
  version?: string
  resolved?: string
  link?: boolean
  hasInstallScript?: boolean
  engines?: { node?: string } | string[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

export interface Lock {
  lockfileVersion: number
  packages: Record<string, LockEntry>
}

export const readLock = async (): Promise<Lock> =>
  JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Lock

/** Where Node.js finds a package that is needed in a folder. */
function find(lock: Lock, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (path in lock.packages) return path
    if (folder === '') return undefined
  }
}

/** All packages that come along at run time, by their folder. @throws Error when one is missing from the lock */
export function runtimeTree(lock: Lock): Map<string, LockEntry> {
  const tree = new Map<string, LockEntry>()
  const visit = (from: string, entry: LockEntry): void => {
    const needed = { ...entry.dependencies, ...entry.optionalDependencies }
    for (const name of Object.keys(needed)) {
      const path = find(lock, from, name)
      const next = path === undefined ? undefined : lock.packages[path]
      if (path === undefined || !next) throw new Error(`package-lock.json lacks ${name}, which ${from || 'this package'} needs`)
      if (tree.has(path)) continue
      tree.set(path, next)
      visit(path, next)
    }
  }
  visit('', lock.packages[''] ?? {})
  return tree
}

/** The range of Node.js that a package asks for; any when it says nothing. */
export const nodeRange = ({ engines }: LockEntry): string => (Array.isArray(engines) ? '*' : engines?.node ?? '*')
