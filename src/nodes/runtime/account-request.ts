/** The account in a request of the editor, deployed or not. Used by form and runtime. */

export interface AccountRequest {
  id: string
  type: string
  settings: Readonly<Record<string, unknown>>
  /** Only those that were typed: the server knows the stored ones, and the browser never does. */
  credentials: Readonly<Record<string, string>>
}

/** What Node-RED's dialogs show in place of a stored password. */
export const STORED_PASSWORD = '__PWRD__'

export const isStoredPassword = (value: unknown): boolean => value === STORED_PASSWORD

export const typedCredentials = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !isStoredPassword(entry[1])))
