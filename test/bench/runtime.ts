/** The package as it was built last, in an embedded Node-RED that nobody spies on. */
import { createServer } from 'node:http'
import { rmSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import RED from 'node-red'
import type { Node } from 'node-red'
import { startNodeRed } from '../../demo/runtime'

export interface Runtime {
  node(id: string): Node
  stop(): Promise<void>
}

/** Flows as they stand in a file, and the credentials of config nodes by id. */
export async function startFlows(nodes: object[], credentials: Record<string, object>): Promise<Runtime> {
  const userDir = mkdtempSync(join(tmpdir(), 'sensor-clouds-bench-'))
  const stop = await startNodeRed(createServer(), 0, userDir, { nodes, credentials })
  return {
    node: (id) => RED.nodes.getNode(id) as unknown as Node,
    stop: async () => {
      await stop()
      rmSync(userDir, { recursive: true, force: true })
    },
  }
}

export const API_KEY = 'bench-key'

/** The account of a vendor that allows so many requests a second. */
export const account = (id: string, origin: string, perSecond: number): object => ({
  id, type: 'senquip-account', name: '', baseUrl: origin, hostedDevices: String(perSecond),
})

/** Our node; reads the device whose id is the payload. */
export const ours = (id: string, z: string, accountId: string, wires: string[]): object => ({
  id, z, type: 'sensor-cloud-get-data', vendor: 'senquip', accountSenquip: accountId, operation: 'device-data',
  params: { deviceId: { type: 'msg', value: 'payload' } }, output: 'body', emit: 'array', wires: [wires],
})

/** The core node that makes the same request. */
export const core = (id: string, z: string, origin: string, wires: string[], persist = false): object => ({
  id, z, type: 'http request', method: 'GET', ret: 'obj', url: `${origin}/devices/{{payload}}/data`, persist,
  headers: [{ keyType: 'other', keyValue: 'X-API-Key', valueType: 'other', valueValue: API_KEY }], wires: [wires],
})

/** A device id that no other request has, so that equal reads are not made one. */
export const deviceId = (index: number): string => `D${String(index).padStart(8, '0')}`
