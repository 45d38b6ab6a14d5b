/** A loopback address of the demo's own: SensoCAN has no way to read readings back, the simulator's memory has. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Simulator } from '../test/simulator'

export interface Stored {
  url: string
  close(): Promise<void>
}

/** The newest stored reading of each sensor, with the sensor's name and unit. */
function newest({ state, credentials }: Simulator): object[] {
  const { deviceUuid } = credentials.sensocan
  const { devices, readings } = state.sensocan
  return (devices.get(deviceUuid)?.sensors ?? []).flatMap(({ uuid, slug, name, unit }) => {
    const last = readings.findLast(({ sensorUuid }) => sensorUuid === uuid)
    return last ? [{ deviceUuid, sensorUuid: uuid, slug, name, unit, value: last.value, timestamp: last.timestamp }] : []
  })
}

export async function serveStored(simulator: Simulator): Promise<Stored> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(newest(simulator)))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve())
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}
