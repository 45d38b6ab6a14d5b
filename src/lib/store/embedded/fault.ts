/** Faults of the file system as users read them. */
import { sentence } from '../../sentence'
import { StoreError } from '../store'

const MEANINGS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room',
  EDQUOT: 'the disk quota is used up; make room',
  EROFS: 'the disk is read-only; make it writable',
  EACCES: 'this process may not write there; correct the rights of the folder',
  EPERM: 'this process may not write there; correct the rights of the folder',
  EMFILE: 'too many files are open; raise the limit of the process',
  EIO: 'the disk has a fault; check it',
}

/** A fault as a StoreError that names the folder and what to do. */
export function storeError(folder: string, fault: unknown): StoreError {
  if (fault instanceof StoreError) return fault
  const code = codeOf(fault) ?? 'unknown fault'
  return new StoreError('UNAVAILABLE', sentence`the store in ${folder} cannot be used (${code}): ${MEANINGS[code] ?? 'check the disk'}`)
}

export const closedError = (folder: string): StoreError => new StoreError('CLOSED', sentence`the store in ${folder} is closed; deploy the flow again`)

/** The code of a fault of Node.js, such as ENOENT. */
export const codeOf = (fault: unknown): string | undefined =>
  fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : undefined
