/** The admin endpoints of the accounts, each behind a permission of the editor, and the metrics. */
import type { NodeAPI } from 'node-red'
import { sentence } from '../../lib/base/sentence'
import type { CursorNode } from '../actions/input-handler'
import { localizeError } from '../runtime/language'
import { answer, onceForEach, Refusal, reply } from './admin-route'
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
  httpAdmin.get('/sensor-clouds/incomplete', RED.auth.needsPermission('flows.read'), (_request, response) => {
    reply(RED, response, () => Promise.resolve(missingCredentials(RED)))
  })
  if ((RED.settings as { sensorClouds?: { metrics?: unknown } }).sensorClouds?.metrics === true)
    httpNode.get('/sensor-clouds/metrics', (_request, response) => {
      measured(RED)
        .then((all) => response.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').send(metricsText(all)))
        // A rejection that nobody handles would end Node-RED.
        .catch(() => response.status(500).end())
    })
})

/** By id of a deployed account, the names of the credentials that it lacks. */
const missingCredentials = (RED: NodeAPI): Readonly<Record<string, string[]>> =>
  Object.fromEntries(accountNodes(RED).flatMap((node) => {
    const missing = node.missingCredentials()
    return missing.length === 0 ? [] : [[node.id, missing]]
  }))

/** Without the accounts that are not configured. */
async function measured(RED: NodeAPI): Promise<Measured[]> {
  const all = await Promise.allSettled(
    accountNodes(RED).map(async (node) => ({ id: node.id, name: node.name ?? '', diagnostics: await node.diagnostics() })),
  )
  return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

export const serveCursorReset = onceForEach((RED) => {
  const { auth, httpAdmin, nodes } = RED
  httpAdmin.post('/sensor-clouds/cursor/:node/reset', auth.needsPermission('flows.write'), (request, response) => {
    answer(RED, request, response, () => reset(RED, nodes.getNode(String(request.params.node)) as CursorNode | null))
  })
})

async function reset(RED: NodeAPI, node: Partial<CursorNode> | null): Promise<object> {
  if (!node?.resetCursors) throw new Refusal(404, sentence`no running node with "Only new" has this id; deploy it first`)
  try {
    return { forgotten: await node.resetCursors() }
  } catch (error) {
    // A store that fails is no fault of the request.
    return { error: { message: localizeError(RED, error) } }
  }
}
