/** Asks this package's admin routes, as the signed-in user and under whatever root the editor has. */
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
  try {
    return await (body === undefined
      ? ajax({ url, method: 'GET' })
      : ajax({ url, method: 'POST', contentType: 'application/json', data: JSON.stringify(body) }))
  } catch (failure) {
    throw new Error(sentenceOf(failure, translate), { cause: failure })
  }
}

function sentenceOf(failure: unknown, translate: Translate): string {
  const status = (failure as { status?: unknown }).status
  if (typeof status !== 'number' || status === 0) return translate('form.server.away')
  if (status === 401 || status === 403) return translate('form.server.forbidden')
  return translate('form.server.failed', { status })
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
