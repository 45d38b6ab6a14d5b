/** The form of a store: Redis has an address and a password, files have none. */
import type { Config } from '../../runtime/migrations/migrate'
import { byId, required, show, watch } from '../../editor/platform/dom'
import { save, showMissing } from '../../editor/platform/migrated'
import { addEye } from '../../editor/platform/secret-eye'
import { textsOf, type EditorNode } from '../../editor/platform/red'
import { storeValidators, urlSentence, type StoreValidators } from './store-rules'

export interface StoreForm extends StoreValidators {
  prepare(node: EditorNode): void
  save(node: EditorNode): void
}

const PREFIX = 'node-config-input-'

/** What the html of the store calls. */
export function storeForm(defaults: Config): StoreForm {
  return {
    ...storeValidators,
    prepare: (node) => {
      const kind = required(`${PREFIX}kind`, HTMLSelectElement)
      showMissing(defaults, node, PREFIX)
      const update = (): void => {
        for (const name of ['url', 'password']) {
          const row = byId(`sensor-clouds-row-${name}`)
          if (row) show(row, kind.value === 'redis')
        }
      }
      update()
      kind.addEventListener('change', update)
      addEye(required(`${PREFIX}password`, HTMLInputElement), textsOf(node)('form.password'), textsOf(node))
      watch(`${PREFIX}url`, (value) => urlSentence(kind.value, value, textsOf(node)))
    },
    save: (node) => save(defaults, node, PREFIX),
  }
}
