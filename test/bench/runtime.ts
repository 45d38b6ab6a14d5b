/** The package as it was built last, in an embedded Node-RED that nobody spies on. */
import { createServer } from 'node:http'
import { rmSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import RED from 'node-red'
import type { Flow, FlowNode } from '../../demo/flows'
import { startNodeRed } from '../../demo/runtime'

export interface FlowMessage {
  topic?: string
  payload?: unknown
  /** Of the core's `http request`, whatever its status. */
  statusCode?: number
  error?: { message: string }
}

/** A node as a bench needs it: it is handed messages, and tells which ones it gets. */
export interface Station {
  receive(message: FlowMessage): void
  on(event: 'input', listener: (message: FlowMessage) => void): void
  off(event: 'input', listener: (message: FlowMessage) => void): void
}

export interface Runtime {
  node(id: string): Station
  stop(): Promise<void>
}

/** Flows as they stand in a file, and the credentials of config nodes by id. */
export async function startFlows(flow: Flow): Promise<Runtime> {
  const userDir = mkdtempSync(join(tmpdir(), 'sensor-clouds-bench-'))
  const stop = await startNodeRed(createServer(), 0, userDir, flow)
  return {
    node: (id) => (RED.nodes as unknown as { getNode(id: string): Station }).getNode(id),
    stop: async () => {
      await stop()
      rmSync(userDir, { recursive: true, force: true })
    },
  }
}

export const API_KEY = 'bench-key'

/** The account of a vendor that allows so many requests a second. */
export const account = (id: string, origin: string, perSecond: number): FlowNode => ({
  id, type: 'senquip-account', name: '', baseUrl: origin, hostedDevices: String(perSecond),
})

/** Our node; reads the device whose id is the payload. */
export const ours = (id: string, z: string, accountId: string, wires: string[]): FlowNode => ({
  id, z, type: 'sensor-cloud-get-data', vendor: 'senquip', accountSenquip: accountId, operation: 'device-data',
  params: { deviceId: { type: 'msg', value: 'payload' } }, output: 'body', emit: 'array', wires: [wires],
})

/** The core node that makes the same request. */
export const core = (id: string, z: string, origin: string, wires: string[], persist = false): FlowNode => ({
  id, z, type: 'http request', method: 'GET', ret: 'obj', url: `${origin}/devices/{{payload}}/data`, persist,
  headers: [{ keyType: 'other', keyValue: 'X-API-Key', valueType: 'other', valueValue: API_KEY }], wires: [wires],
})

/** A device id that no other request has, so that equal reads are not made one. */
export const deviceId = (index: number): string => `D${String(index).padStart(8, '0')}`
