/** The dialogs' code is loaded when the first dialog opens. Until then its form only waits. */
import { byId, element } from '../platform/dom'
import type { MissingCredentials } from './incomplete-accounts'
import { moduleOf, shareTexts, type Catalog } from './shared-texts'
import type { DialogEvents } from '../platform/open-dialog'
import { textsOf, wrap, type EditorNode, type Translate } from '../platform/red'
import { ask } from '../platform/server'

/** What the script of the dialogs finds and fills. */
export interface Forms {
  /** Of the package. */
  readonly version: string
  /** By type: what the build knows of it. */
  readonly descriptors: Readonly<Record<string, unknown>>
  /** By type: what the html of the type calls. */
  readonly forms: Readonly<Record<string, DialogEvents>>
  missing: MissingCredentials
  /** Fills the tab of the sidebar; absent until its script is loaded. */
  sidebar?: (container: HTMLElement, textsOfType: (type: string) => Translate) => void
}

declare global {
  interface Window {
    sensorClouds?: Forms
  }
}

function loadScript(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = element('script', { src: address })
    script.addEventListener('load', () => resolve())
    script.addEventListener('error', () => {
      script.remove()
      reject(new Error(`${address} cannot be loaded`))
    })
    document.head.append(script)
  })
}

/** Does it once; after a failure the next call tries again. */
function once(work: () => Promise<void>): () => Promise<void> {
  let working: Promise<void> | undefined
  return () =>
    (working ??= work().catch((error: unknown) => {
      working = undefined
      throw error
    }))
}

/** Loads a script of this name in `resources`, and the texts that such scripts show. */
export type LoadPart = (script: 'dialogs' | 'sidebar') => Promise<void>

/** Each part is loaded once. Its address has the version, so that no browser uses the script of another one. */
export function partLoader(plugin: string, version: string, types: readonly string[]): LoadPart {
  const module = moduleOf(plugin)
  const translate: Translate = (key, values) => RED._(`${plugin}:${key}`, values)
  const loadTexts = once(async () => shareTexts(module, (await ask(`texts/${translate('language')}`, translate)) as Catalog, types))
  const loaderOf = (script: string): (() => Promise<void>) => once(() => loadScript(`resources/${module}/${script}.js?v=${version}`))
  const scripts = { dialogs: loaderOf('dialogs'), sidebar: loaderOf('sidebar') }
  return async (script) => {
    await Promise.all([loadTexts(), scripts[script]()])
  }
}

/**
 * The dialog of a type until the script is there, which then replaces these functions in the type's form.
 * @param load loads it
 */
export function waitingDialog(type: string, load: () => Promise<void>): DialogEvents {
  let open: { node: EditorNode } | undefined
  const end = (): void => {
    open = undefined
  }
  return {
    prepare: (node) => {
      const mine = { node }
      open = mine
      load().then(
        () => {
          if (open !== mine) return
          end()
          for (const form of formsInPage()) wrap(form).i18n()
          window.sensorClouds?.forms[type]?.prepare(node)
          tellControls(node)
        },
        () => {
          if (open === mine) showFailure(node)
        },
      )
    },
    save: end,
    cancel: end,
    remove: (node) => {
      if (open?.node === node) end()
    },
  }
}

/** As the editor itself does after each `oneditprepare`: what listens hears of the values, and the editor validates them. */
function tellControls({ _def: type }: EditorNode): void {
  const prefix = type?.category === 'config' ? 'node-config-input-' : 'node-input-'
  for (const name of Object.keys({ ...type?.defaults, ...type?.credentials })) {
    const control = byId(`${prefix}${name}`)
    if (control) wrap(control).trigger('change')
  }
}

const formsInPage = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.sensor-clouds-form')]

function showFailure(node: EditorNode): void {
  const form = formsInPage().at(-1)
  form?.replaceChildren(element('p', { role: 'alert' }, textsOf(node)('form.server.away')))
  if (form) form.style.visibility = 'visible'
}
