/** Errors of ioredis, of sockets and of Redis itself as sentences. */
import { sentence, type Sentence } from '../../base/sentence'
import { StoreError } from '../store'

/** By the first word of what Redis answers: it is there, but cannot do it now. */
const REFUSALS: Readonly<Record<string, Sentence>> = {
  OOM: sentence`its memory is full; raise its maxmemory`,
  MISCONF: sentence`it cannot save to its disk; look at its log`,
  READONLY: sentence`it is a replica; give the address of the primary`,
  LOADING: sentence`it is still loading its data; try again soon`,
  MASTERDOWN: sentence`it has lost its primary; look at its log`,
  CLUSTERDOWN: sentence`its cluster is down; look at its log`,
  NOREPLICAS: sentence`it has too few replicas; look at its log`,
  BUSY: sentence`a script of another client keeps it busy; wait, or end that script`,
  NOPERM: sentence`its user may not do this; allow it all commands on keys of sensor-clouds:*`,
  MOVED: sentence`it is a cluster node that does not hold this key; give the address of a single server`,
}

const PASSWORD_REFUSALS: Readonly<Record<string, Sentence>> = {
  NOAUTH: sentence`requires a password; enter it in the store`,
  WRONGPASS: sentence`rejected the password; check it, and the user name, in the store`,
}

const SOCKET_FAILURES: Readonly<Record<string, Sentence>> = {
  ECONNREFUSED: sentence`the connection is refused`,
  ENOTFOUND: sentence`its host name is unknown`,
  EAI_AGAIN: sentence`its host name cannot be looked up`,
  ETIMEDOUT: sentence`it does not respond`,
  ECONNRESET: sentence`it closed the connection`,
  EHOSTUNREACH: sentence`there is no network route to its host`,
  ENETUNREACH: sentence`there is no network route to its network`,
  EPROTO: sentence`its replies are malformed`,
}

const first = (error: Error): string => /^[A-Z]+/.exec(error.message)?.[0] ?? ''

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))

/** What Redis says of the credentials, as the rest of a sentence; undefined when it says something else. */
export const passwordRefusal = (reason: unknown): Sentence | undefined => PASSWORD_REFUSALS[first(asError(reason))]

/** Why Redis did not select a database, as the rest of a sentence. */
export const selectionRefusal = (reason: unknown, database: number): Sentence =>
  first(asError(reason)) === 'NOPERM'
    ? sentence`does not allow its user to select database ${database}; allow the command SELECT, or remove the database from the URL`
    : sentence`has no database ${database}; correct the number at the end of the URL (most servers have 0 to 15)`

/** Whether Redis answered, so that the connection is good. */
export const isAnswer = (reason: unknown): boolean => reason instanceof Error && reason.name === 'ReplyError'

/** Why there is no connection; never more than a few known words, so no secret of a URL or command is among them. */
export function cause(reason: unknown): Sentence {
  const { code = isNoProtocol(reason) ? 'EPROTO' : undefined } = asError(reason) as NodeJS.ErrnoException
  if (code !== undefined && /CERT|TLS|SSL|ALTNAME/.test(code)) return sentence`its certificate is not accepted: ${code}`
  return (code === undefined ? undefined : SOCKET_FAILURES[code]) ?? sentence`the connection was lost`
}

/** ioredis has no code for bytes that are no reply. */
const isNoProtocol = (reason: unknown): boolean => /RESP type|Protocol error/.test(asError(reason).message)

/** @param place of the store; @param reason why there is no connection, where there is none */
export const unreachable = (place: string, reason: Sentence): StoreError =>
  new StoreError('UNAVAILABLE', sentence`the Redis store at ${place} cannot be reached (${reason}); check that it runs and its URL in the store`)

/** An error that Redis answered with. */
export function refused(place: string, reason: unknown): StoreError {
  const refusal = passwordRefusal(reason)
  if (refusal !== undefined) return new StoreError('UNAVAILABLE', sentence`the Redis store at ${place} ${refusal}`)
  const word = first(asError(reason))
  const why = REFUSALS[word]
  if (why !== undefined) return new StoreError('UNAVAILABLE', sentence`the Redis store at ${place} cannot be used now: ${why}`)
  return new StoreError(
    'UNUSABLE',
    sentence`the Redis store at ${place} returned an error (${word || sentence`unknown`}); use Redis or Valkey from version 6.2, and let no other program use keys of sensor-clouds:*`,
  )
}

/** A well-formed reply that is not what the command promises. */
export const misunderstood = (place: string): StoreError =>
  new StoreError('UNUSABLE', sentence`the Redis store at ${place} sent an unexpected reply; check that it is Redis or Valkey`)
