/** The help of a node type, made in the language of the editor when somebody reads it, and the texts that only dialogs show. */
import type { NodeAPI } from 'node-red'
import { sentence } from '../../../lib/base/sentence'
import { translationsOf } from '../../runtime/language'
import { dialogTexts } from '../../runtime/text-store'
import { knownVendors, nodeSets } from '../../runtime/node-types'
import { onceForEach, Refusal, reply } from '../admin-route'
import { helpOf } from './help-text'

/** Texts are no secret: like Node-RED's own they need no permission. */
export const serveTexts: (RED: NodeAPI) => void = onceForEach((RED) => {
  RED.httpAdmin.get('/sensor-clouds/help/:type', (request, response) => {
    const { language } = request.query
    reply(RED, response, () => Promise.resolve({ html: htmlOf(request.params.type, typeof language === 'string' ? language : '') }))
  })
  RED.httpAdmin.get('/sensor-clouds/texts/:language', (request, response) => {
    reply(RED, response, () => Promise.resolve(dialogTexts(request.params.language)))
  })
})

/** @throws Refusal for a type that the package does not have */
function htmlOf(type: string, language: string): string {
  const set = nodeSets().find((one) => one.type === type)
  if (!set) throw new Refusal(404, sentence`the package has no node of this type`)
  const translations = translationsOf(language)
  const help = helpOf(set, knownVendors, (text) => (Object.hasOwn(translations, text) ? translations[text] || text : text))
  // The palette shows the first paragraph itself.
  return help.slice(help.indexOf('\n') + 1)
}
