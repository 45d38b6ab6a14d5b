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
    const report = reportOf(RED, String(request.params.account))
    // An account that is not deployed yet is no error of the dialog that asks.
    if (report) response.set('Cache-Control', 'no-store').json(report)
    else response.status(204).end()
  })
  if ((RED.settings as { sensorClouds?: { metrics?: unknown } }).sensorClouds?.metrics === true)
    httpNode.get('/sensor-clouds/metrics', (_request, response) => {
      response.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').send(metricsText(measured(RED)))
    })
}

/** A form of another site could post anything but JSON without asking the browser's leave. */
function answer(request: Request, response: Response, work: () => Promise<object>): void {
  if (!request.is('application/json')) {
    response.status(415).json({ message: 'the body must be JSON' })
    return
  }
  work().then(
    (reply) => response.set('Cache-Control', 'no-store').json(reply),
    (error: unknown) => {
      const known = error instanceof BadRequest
      // What went wrong inside may quote what was typed.
      response.status(known ? 400 : 500).json({ message: known ? error.message : 'this request cannot be answered; report it' })
    },
  )
}

/** An account that is not configured has nothing to tell. */
const measured = (RED: NodeAPI): Measured[] =>
  accountNodes(RED).flatMap((node) => {
    try {
      return [{ id: node.id, name: node.name ?? '', diagnostics: node.diagnostics() }]
    } catch {
      return []
    }
  })
