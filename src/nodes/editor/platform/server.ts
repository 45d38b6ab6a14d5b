/** Sends requests to this package's admin routes, as the signed-in user and under the editor's root. */
import type { Translate } from './red'

/**
 * @param path below `sensor-clouds/`
 * @param body sent as JSON; without one it is a GET
 * @returns the parsed answer; undefined where there is none
 * @throws Error with a sentence for the user
 */
export async function ask(path: string, translate: Translate, body?: object): Promise<unknown> {
  const url = `sensor-clouds/${path}`
  // The editor's own ajax adds the token of the signed-in user.
  const { ajax } = window.$
  const asking = body === undefined
    ? ajax({ url, method: 'GET' })
    : ajax({ url, method: 'POST', contentType: 'application/json', data: JSON.stringify(body) })
  const answer = await Promise.resolve(asking).catch((failure: unknown) => {
    throw new Error(sentenceOf(failure, translate), { cause: failure })
  })
  // A proxy whose user has to sign in again answers with a page of its own, and a status of 200.
  if (typeof answer === 'string') throw new Error(translate('form.server.foreign'))
  return answer
}

function sentenceOf(failure: unknown, translate: Translate): string {
  const { status, responseJSON } = failure as { status?: unknown; responseJSON?: { message?: unknown } | null }
  if (typeof status !== 'number' || status === 0) return translate('form.server.away')
  if (status === 401 || status === 403) return translate('form.server.forbidden')
  // What the routes refuse they explain, in the language of the runtime.
  return typeof responseJSON?.message === 'string' ? responseJSON.message : translate('form.server.failed', { status })
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
