/** Errors of the file system, as sentences for users. */
import { sentence, type Sentence } from '../../base/sentence'
import { StoreError } from '../store'

const MEANINGS: Readonly<Record<string, Sentence>> = {
  ENOSPC: sentence`the disk is full; make room`,
  EDQUOT: sentence`the disk quota is used up; make room`,
  EROFS: sentence`the disk is read-only; make it writable`,
  EACCES: sentence`this process may not write there; correct the permissions of the folder`,
  EPERM: sentence`this process may not write there; correct the permissions of the folder`,
  EFBIG: sentence`it is too large; give less at a time`,
  EMFILE: sentence`too many files are open; raise the open-file limit of the process`,
  EIO: sentence`the disk reports an error; check it`,
  ELOOP: sentence`one of its files is a symbolic link, which is not followed; replace the link with the file itself`,
}

/** A fault as a StoreError that names the folder and what to do. */
export function storeError(folder: string, fault: unknown): StoreError {
  if (fault instanceof StoreError) return fault
  const code = codeOf(fault) ?? sentence`unknown error`
  return new StoreError('UNAVAILABLE', sentence`the store in ${folder} cannot be used (${code}): ${MEANINGS[String(code)] ?? sentence`check the disk`}`)
}

export const closedError = (folder: string): StoreError => new StoreError('CLOSED', sentence`the store in ${folder} is closed; deploy the flow again`)

/** Whether there is no room for anything new; what is there can still be read and removed. */
export const isDiskFull = (fault: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(fault) ?? '')

/** The code of a fault of Node.js, such as ENOENT. */
export const codeOf = (fault: unknown): string | undefined =>
  fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : undefined
