/** Listens to a page: what went wrong in it, and all that the admin API told it, without the files of the editor itself. */
import type { ConsoleMessage, Page, Response } from 'playwright-core'

export interface Reply {
  /** `GET /flows` */
  request: string
  text: string
}

export class Witness {
  /** Errors that nobody caught, and those that someone printed. */
  readonly errors: string[] = []
  readonly #replies: Promise<Reply | undefined>[] = []
  readonly #frames: Reply[] = []

  constructor(page: Page, origin: string) {
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message))
    page.on('console', (message) => this.#console(message))
    page.on('response', (response) => {
      if (response.url().startsWith(origin) && !isStatic(response)) this.#replies.push(read(response, origin))
    })
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.#frames.push({ request: 'comms', text: payload.toString() }))
    })
  }

  /** Whether the runtime has told the editor this, in whatever frame. */
  hasHeard(...words: readonly string[]): boolean {
    return this.#frames.some(({ text }) => words.every((word) => text.includes(word)))
  }

  /** Everything that came so far. */
  async replies(): Promise<Reply[]> {
    const read = await Promise.all(this.#replies)
    return [...read.filter((reply) => reply !== undefined), ...this.#frames]
  }

  #console(message: ConsoleMessage): void {
    if (message.type() === 'error') this.errors.push(`${message.text()} (${message.location().url})`)
  }
}

/** Files of the editor are many MB, which would pass through the browser's protocol for each page. Their text is the same for everybody. */
const isStatic = (response: Response): boolean =>
  ['stylesheet', 'image', 'font', 'script'].includes(response.request().resourceType()) && !new URL(response.url()).pathname.startsWith('/resources/')

async function read(response: Response, origin: string): Promise<Reply | undefined> {
  const request = `${response.request().method()} ${response.url().slice(origin.length)}`
  try {
    return { request, text: await response.text() }
  } catch {
    // A redirect has no body, and one that the page left behind cannot be read any more.
    return undefined
  }
}
