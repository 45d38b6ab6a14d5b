/** The routes of this package: for the editor behind its permissions, and the metrics for who wants them. */
import type { NodeAPI } from 'node-red'
import { accountNodes, reportOf } from './account-diagnostics'
import { testConnection } from './connection-test'
import { metricsText, type Measured } from './metrics'
import { pickOptions } from './pick-options'
import { BadRequest, type OpenAccount } from './typed-account'

type Handler = Parameters<NodeAPI['httpAdmin']['post']>[1]
type Exchange = Parameters<Extract<Handler, (...given: never[]) => unknown>>
type Request = Exchange[0]
type Response = Exchange[1]

/** Every set of nodes brings its own RED, but there is one admin application for all of them. */
const served = new WeakSet<object>()

export function registerRoutes(RED: NodeAPI, open: OpenAccount): void {
  const { httpAdmin, httpNode } = RED
  if (served.has(httpAdmin)) return
  served.add(httpAdmin)
  // Who may not deploy may not send stored credentials anywhere either.
  const mayWrite = RED.auth.needsPermission('flows.write')
  httpAdmin.post('/sensor-clouds/test', mayWrite, (request, response) => {
    answer(request, response, () => testConnection(RED, open, request.body))
  })
  httpAdmin.post('/sensor-clouds/options', mayWrite, (request, response) => {
    answer(request, response, () => pickOptions(RED, open, request.body))
  })
  httpAdmin.get('/sensor-clouds/diagnostics/:account', RED.auth.needsPermission('flows.read'), (request, response) => {
    reply(response, () => reportOf(RED, String(request.params.account)))
  })
  if ((RED.settings as { sensorClouds?: { metrics?: unknown } }).sensorClouds?.metrics === true)
    httpNode.get('/sensor-clouds/metrics', (_request, response) => {
      void measured(RED).then((all) => response.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').send(metricsText(all)))
    })
}

/** A form of another site could post anything but JSON without asking the browser's leave. */
function answer(request: Request, response: Response, work: () => Promise<object>): void {
  if (!request.is('application/json')) {
    response.status(415).json({ message: 'the body must be JSON' })
    return
  }
  reply(response, work)
}

function reply(response: Response, work: () => Promise<object | undefined>): void {
  work().then(
    // An account that is not deployed yet is no error of the dialog that asks.
    (found) => (found ? response.set('Cache-Control', 'no-store').json(found) : response.status(204).end()),
    (error: unknown) => {
      const known = error instanceof BadRequest
      // What went wrong inside may quote what was typed.
      response.status(known ? 400 : 500).json({ message: known ? error.message : 'this request cannot be answered; report it' })
    },
  )
}

/** An account that is not configured has nothing to tell. */
async function measured(RED: NodeAPI): Promise<Measured[]> {
  const all = await Promise.allSettled(
    accountNodes(RED).map(async (node) => ({ id: node.id, name: node.name ?? '', diagnostics: await node.diagnostics() })),
  )
  return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}
