/**
 * Encrypts what an account keeps in a store. Others who can read its file or database get no usable token and no
 * response. The key is derived from the account's credentials.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt } from 'node:crypto'
import type { Store } from '../store/store'

/** What is derived from the credentials. */
export interface Keys {
  /** Names the account in keys of the store. */
  account: string
  encryption: Buffer
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** Slow on purpose, so that a weak password cannot be guessed from what stands in a store. */
export const deriveKeys = (secret: string): Promise<Keys> =>
  new Promise((resolve, reject) => {
    // The salt cannot be random: every process of the account must find the same keys.
    scrypt(secret, 'node-red-contrib-sensor-clouds', 48, (error, bytes) => {
      if (error) reject(error)
      else resolve({ account: bytes.subarray(0, 16).toString('hex'), encryption: bytes.subarray(16) })
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

  /**
   * The value as it was stored; the caller checks its shape.
   * @returns undefined when there is none, or none that this account can decrypt
   * @throws StoreError
   */
  async get(kind: string, name: string): Promise<unknown> {
    const { key, encryption } = await this.#entry(kind, name)
    const encrypted = await this.store.get(key)
    return encrypted === undefined ? undefined : decrypt(encrypted, key, encryption)
  }

  /**
   * @param lifetime ms after which it is forgotten; for ever when absent
   * @param syncWithin as for Store.set
   * @throws StoreError
   */
  async set(kind: string, name: string, value: unknown, lifetime?: number, syncWithin?: number): Promise<void> {
    const { key, encryption } = await this.#entry(kind, name)
    await this.store.set(key, encrypt(JSON.stringify(value), key, encryption), lifetime, syncWithin)
  }

  /** A name may be private too, such as an address with a device's id, so the store sees a keyed digest of it. */
  async #entry(kind: string, name: string): Promise<{ key: string; encryption: Buffer }> {
    const { account, encryption } = await this.#keys
    const digest = createHmac('sha256', encryption).update(name).digest('hex').slice(0, 32)
    return { key: `${kind}:${account}:${digest}`, encryption }
  }
}

function encrypt(text: string, key: string, encryption: Buffer): string {
  const iv = randomBytes(IV_BYTES)
  // The key of the store is authenticated too, so that one entry cannot be put in the place of another.
  const cipher = createCipheriv('aes-256-gcm', encryption, iv).setAAD(Buffer.from(key))
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64')
}

function decrypt(text: string, key: string, encryption: Buffer): unknown {
  const bytes = Buffer.from(text, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', encryption, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(key)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    const decrypted = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
    return JSON.parse(decrypted.toString('utf8'))
  } catch {
    return undefined
  }
}
