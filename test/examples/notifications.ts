/** A service that takes notifications, as ntfy does: a POST whose body is the text. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Notification {
  path: string
  title: string | undefined
  text: string
}

export interface Notifications {
  url: string
  /** Oldest first. */
  taken: Notification[]
  close(): Promise<void>
}

export async function takeNotifications(): Promise<Notifications> {
  const taken: Notification[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const title = request.headers['title']
      taken.push({ path: request.url ?? '', title: Array.isArray(title) ? title[0] : title, text: Buffer.concat(chunks).toString('utf8') })
      response.writeHead(request.method === 'POST' ? 200 : 405).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/building`,
    taken,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}
