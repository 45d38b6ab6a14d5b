/**
 * Makes the keys of accounts quickly in the process that imports this file. The real derivation is slow on purpose: it
 * computes for 40 ms for each account. Processes that do not import this file use it, such as the Node-RED of
 * `test/package/install.test.ts`.
 */
type Crypto = typeof import('node:crypto')
type Done = (error: Error | null, key: Buffer) => void

const crypto = require('node:crypto') as Crypto
const { scrypt } = crypto

/** The lowest cost that scrypt takes. */
const COST = 2

Object.assign(crypto, {
  scrypt: (secret: string, salt: string, length: number, done: Done) => scrypt(secret, salt, length, { cost: COST }, done),
})

export {}
