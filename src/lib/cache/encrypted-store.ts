/**
 * What an account keeps in a store, sealed: a file or a database that others can read gives them no usable token and
 * no answer. The key comes from the account's own credentials, so whoever has those may read it.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt } from 'node:crypto'
import type { Store } from '../store/store'

/** What is derived from the credentials. */
export interface Keys {
  /** Names the account in keys of the store. */
  account: string
  sealing: Buffer
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** Slow on purpose, so that a weak password cannot be guessed from what stands in a store. */
export const deriveKeys = (secret: string): Promise<Keys> =>
  new Promise((resolve, reject) => {
    // The salt cannot be random: every process of the account must find the same keys.
    scrypt(secret, 'node-red-contrib-sensor-clouds', 48, (error, bytes) => {
      if (error) reject(error)
      else resolve({ account: bytes.subarray(0, 16).toString('hex'), sealing: bytes.subarray(16) })
    })
  })

export class EncryptedStore {
  readonly store: Store
  readonly #keys: Promise<Keys>

  constructor(store: Store, keys: Promise<Keys>) {
    this.store = store
    this.#keys = keys
  }

  /** Name of the account in keys of the store. */
  async account(): Promise<string> {
    return (await this.#keys).account
  }

  /** Undefined when there is none, or none that can be opened. @throws StoreError */
  async get(kind: string, what: string): Promise<unknown> {
    const { name, sealing } = await this.#place(kind, what)
    const sealed = await this.store.get(name)
    return sealed === undefined ? undefined : open(sealed, name, sealing)
  }

  /** @param lifetime ms after which it is forgotten. @throws StoreError */
  async set(kind: string, what: string, value: unknown, lifetime: number): Promise<void> {
    const { name, sealing } = await this.#place(kind, what)
    await this.store.set(name, seal(JSON.stringify(value), name, sealing), lifetime)
  }

  /** What is named may be private too, such as an address with a device's id, so the name is a digest with the key. */
  async #place(kind: string, what: string): Promise<{ name: string; sealing: Buffer }> {
    const { account, sealing } = await this.#keys
    const digest = createHmac('sha256', sealing).update(what).digest('hex').slice(0, 32)
    return { name: `${kind}:${account}:${digest}`, sealing }
  }
}

function seal(text: string, name: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES)
  // The name is sealed in, so that one entry cannot be put in the place of another.
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')
}

function open(text: string, name: string, key: Buffer): unknown {
  const bytes = Buffer.from(text, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
    return JSON.parse(opened.toString('utf8'))
  } catch {
    return undefined
  }
}
