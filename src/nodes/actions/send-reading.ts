/** Sends readings, and passes the message on unchanged once the vendor has stored them. */
import type { Work } from './action'

export async function sendReading({ call, values, message, send, status }: Work): Promise<void> {
  await call.write(values, false)
  message.response = call.response
  send(message)
  status.succeeded('ok')
}
