/** The texts that only dialogs show, which the editor loads with the first dialog. */
import type { NodeAPI } from 'node-red'
import { dialogTexts } from '../runtime/text-store'
import { onceForEach, reply } from './admin-route'

/** Texts are no secret: like Node-RED's own they need no permission. */
export const serveDialogTexts: (RED: NodeAPI) => void = onceForEach((RED) => {
  RED.httpAdmin.get('/sensor-clouds/texts/:language', (request, response) => {
    reply(RED, response, () => Promise.resolve(dialogTexts(request.params.language)))
  })
})
