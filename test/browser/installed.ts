/** A Node-RED with the built package as an installed module, and nothing of its user. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PACKAGE } from '../../src/nodes/runtime/language'
import { nodeRed4, nodeRed5, ROOT } from '../package/installation'
import { startNodeRed, type RunningNodeRed, type Settings } from '../package/node-red'

export interface InstalledNodeRed extends RunningNodeRed {
  /** Ends it, and removes its user directory. */
  remove(): Promise<void>
}

/** Set NODE_RED=5 to try the forms in the next major version. */
export const MAJOR = process.env.NODE_RED === '5' ? 5 : 4

/** Node-RED on a free port, with a user directory of its own below .tmp/. */
export const startInstalled = (more: Settings = {}): Promise<InstalledNodeRed> => start(install, more)

/** The same without the package. */
export const startEmpty = (more: Settings = {}): Promise<InstalledNodeRed> => start(writeProject, more)

/** @param prepare fills the user directory */
async function start(prepare: (userDir: string) => Promise<void>, more: Settings): Promise<InstalledNodeRed> {
  const folder = join(ROOT, '.tmp')
  await mkdir(folder, { recursive: true })
  const userDir = await mkdtemp(join(folder, 'browser-'))
  const remove = (): Promise<void> => rm(userDir, { recursive: true, force: true })
  try {
    await prepare(userDir)
    const running = await startNodeRed(await (MAJOR === 5 ? nodeRed5() : nodeRed4()), userDir, more)
    const stopAndRemove = async (): Promise<void> => {
      await running.stop()
      await remove()
    }
    return { ...running, remove: stopAndRemove }
  } catch (error) {
    await remove()
    throw error
  }
}

const writeProject = (userDir: string): Promise<void> =>
  writeFile(join(userDir, 'package.json'), '{ "name": "node-red-project", "version": "0.0.1", "private": true }\n')

/** The built files are copied, so that a build in the meantime does not take them away; dependencies are linked. */
async function install(userDir: string): Promise<void> {
  await writeProject(userDir)
  const target = join(userDir, 'node_modules', PACKAGE)
  await mkdir(target, { recursive: true })
  for (const part of ['package.json', 'dist', 'resources', 'examples']) await cp(join(ROOT, part), join(target, part), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(target, 'node_modules'), 'dir')
}
