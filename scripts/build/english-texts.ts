/** All English texts that are translated. */
import { knownVendors, nodeSets } from '../../src/nodes/runtime/node-types'
import { catalogOf } from './catalog'
import { helpOf } from '../../src/nodes/admin/help/help-text'
import { sentences } from './sentences'
import type { Translate } from './translation'

/** Whoever makes texts asks for the translation of each; so what is asked for is what there is. */
type Source = (translate: Translate) => void

const SOURCES: readonly Source[] = [
  (translate) => nodeSets().forEach((set) => catalogOf(set, knownVendors, translate)),
  (translate) => nodeSets().forEach((set) => helpOf(set, knownVendors, translate)),
  (translate) => sentences().forEach((text) => translate(text)),
]

/** Each text once, in the order of first appearance. */
export function englishTexts(sources: readonly Source[] = SOURCES): string[] {
  const found = new Set<string>()
  const note: Translate = (text) => {
    found.add(text)
    return text
  }
  for (const source of sources) source(note)
  return [...found]
}
