/** The admin endpoints of the accounts, each behind a permission of the editor, and the metrics. */
import type { NodeAPI } from 'node-red'
import { answer, onceForEach, reply } from './admin-route'
import { accountNodes, reportOf } from './diagnostics-report'
import { testConnection } from './connection-test'
import { metricsText, type Measured } from './metrics'
import { pickerOptions } from './picker-options'

export const serveAccounts = onceForEach((RED) => {
  const { httpAdmin, httpNode } = RED
  // Stored credentials are sent, so that the right to deploy is needed.
  const mayWrite = RED.auth.needsPermission('flows.write')
  httpAdmin.post('/sensor-clouds/test', mayWrite, (request, response) => {
    answer(RED, request, response, () => testConnection(RED, request.body))
  })
  httpAdmin.post('/sensor-clouds/options', mayWrite, (request, response) => {
    answer(RED, request, response, () => pickerOptions(RED, request.body))
  })
  httpAdmin.get('/sensor-clouds/diagnostics/:account', RED.auth.needsPermission('flows.read'), (request, response) => {
    reply(RED, response, () => reportOf(RED, String(request.params.account)))
  })
  if ((RED.settings as { sensorClouds?: { metrics?: unknown } }).sensorClouds?.metrics === true)
    httpNode.get('/sensor-clouds/metrics', (_request, response) => {
      measured(RED)
        .then((all) => response.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').send(metricsText(all)))
        // A rejection that nobody handles would end Node-RED.
        .catch(() => response.status(500).end())
    })
})

/** Without the accounts that are not configured. */
async function measured(RED: NodeAPI): Promise<Measured[]> {
  const all = await Promise.allSettled(
    accountNodes(RED).map(async (node) => ({ id: node.id, name: node.name ?? '', diagnostics: await node.diagnostics() })),
  )
  return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}
