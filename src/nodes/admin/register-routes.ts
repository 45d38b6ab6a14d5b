/** The routes of this package: for the editor behind its permissions, and the metrics for who wants them. */
import type { NodeAPI } from 'node-red'
import { answer, onceForEach, reply } from './admin-route'
import { accountNodes, reportOf } from './diagnostics-report'
import { testConnection } from './connection-test'
import { metricsText, type Measured } from './metrics'
import { pickOptions } from './picker-options'
import type { OpenAccount } from './typed-account'

/** @param open opens an account as it is typed */
export const registerRoutes = (open: OpenAccount): ((RED: NodeAPI) => void) => onceForEach((RED) => {
  const { httpAdmin, httpNode } = RED
  // Who may not deploy may not send stored credentials anywhere either.
  const mayWrite = RED.auth.needsPermission('flows.write')
  httpAdmin.post('/sensor-clouds/test', mayWrite, (request, response) => {
    answer(RED, request, response, () => testConnection(RED, open, request.body))
  })
  httpAdmin.post('/sensor-clouds/options', mayWrite, (request, response) => {
    answer(RED, request, response, () => pickOptions(RED, open, request.body))
  })
  httpAdmin.get('/sensor-clouds/diagnostics/:account', RED.auth.needsPermission('flows.read'), (request, response) => {
    reply(RED, response, () => reportOf(RED, String(request.params.account)))
  })
  if ((RED.settings as { sensorClouds?: { metrics?: unknown } }).sensorClouds?.metrics === true)
    httpNode.get('/sensor-clouds/metrics', (_request, response) => {
      measured(RED)
        .then((all) => response.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').send(metricsText(all)))
        // A fault here must not end Node-RED.
        .catch(() => response.status(500).end())
    })
})

/** An account that is not configured has nothing to tell. */
async function measured(RED: NodeAPI): Promise<Measured[]> {
  const all = await Promise.allSettled(
    accountNodes(RED).map(async (node) => ({ id: node.id, name: node.name ?? '', diagnostics: await node.diagnostics() })),
  )
  return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}
