/** Opening, renaming and syncing of the files of a store. */
import { constants, copyFile, link, lstat, open, rename, type FileHandle } from 'node:fs/promises'
import { codeOf } from './fault'

/** A symbolic link may lead to a file that is none of the store's. Windows has no such flag. */
const NO_FOLLOW = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW

/** Opens a file for reading and writing, or makes it for its owner only. Refuses a symbolic link with ELOOP. */
export async function openOrMake(path: string): Promise<{ handle: FileHandle; made: boolean }> {
  try {
    return { handle: await open(path, constants.O_RDWR | NO_FOLLOW), made: false }
  } catch (fault) {
    if (codeOf(fault) !== 'ENOENT') throw fault
    return { handle: await open(path, 'wx+', 0o600), made: true }
  }
}

/** Renames a damaged file to `<path>.damaged-<n>`, so that nothing overwrites or deletes it. */
export async function setAside(path: string): Promise<void> {
  await rename(path, await freeName(path))
}

/** Gives a damaged file its second name before another file takes its first one. */
export async function keepAside(path: string): Promise<void> {
  const name = await freeName(path)
  try {
    await link(path, name)
  } catch {
    // Some file systems have no hard links.
    await copyFile(path, name, constants.COPYFILE_EXCL)
  }
}

async function freeName(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = `${path}.damaged-${number}`
    if (!(await exists(name))) return name
  }
}

const exists = (path: string): Promise<boolean> => lstat(path).then(() => true, () => false)

/** A crash may undo a new name until its folder is synced. Windows cannot sync folders, and need not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes all bytes; one call of the system may write fewer. */
export async function writeAll(handle: FileHandle, buffer: Buffer, position: number): Promise<void> {
  let written = 0
  while (written < buffer.length) {
    const { bytesWritten } = await handle.write(buffer, written, buffer.length - written, position + written)
    written += bytesWritten
  }
}
