/** A port for a server in a process of its own. */
import { createServer } from 'node:net'

/** From here on systems give ports to those who ask for any, or connect from one. */
const FIRST_GIVEN = 32_768
const LOWEST = 20_000

/** One on the loopback address that nobody gets by chance before the server has it, or while that is away. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (FIRST_GIVEN - LOWEST))
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
}
