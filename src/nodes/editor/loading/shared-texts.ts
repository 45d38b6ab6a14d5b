/** All types share one catalog, that of the plugin. Node-RED looks for texts by type, so each type gets its view of it. */

export interface Catalog {
  readonly [key: string]: string | Catalog
}

/** The editor's own i18next. */
interface I18next {
  readonly languages: readonly string[]
  getResourceBundle(language: string, namespace: string): Catalog | undefined
  addResourceBundle(language: string, namespace: string, texts: Catalog, deep: boolean): void
}

declare global {
  interface Window {
    i18next?: I18next
  }
}

/** What a type says in other words than the others stands here, by type. */
const OWN = 'own'

const merged = (all: Catalog, own: Catalog): Catalog => ({
  ...all,
  ...Object.fromEntries(
    Object.entries(own).map(([key, entry]) => {
      const shared = all[key]
      return [key, typeof entry === 'object' && typeof shared === 'object' ? merged(shared, entry) : entry]
    }),
  ),
})

/** The language of the editor first, then those that stand in for it. */
export const languages = (): string[] => [...new Set([localStorage.getItem('editor-language') ?? RED.i18n.detectLanguage(), ...(window.i18next?.languages ?? [])])]

/** Gives the types what they need of texts of all. */
function addTexts(language: string, module: string, { [OWN]: own, ...all }: Catalog, types: readonly string[]): void {
  for (const type of types) {
    const texts = typeof own === 'object' ? own[type] : undefined
    window.i18next?.addResourceBundle(language, `${module}/${type}`, typeof texts === 'object' ? merged(all, texts) : all, true)
  }
}

/** Adds a catalog as Node-RED itself does. @param plugin whose catalog it is, as `module/plugin` */
export const addCatalog = (plugin: string, language: string, catalog: Catalog): void => window.i18next?.addResourceBundle(language, plugin, catalog, true)

/** @param plugin as `module/plugin`, where the module may have a scope: `@scope/module/plugin` */
export const moduleOf = (plugin: string): string => plugin.slice(0, plugin.lastIndexOf('/'))

/** @param plugin whose catalog it is, as `module/plugin` */
export function shareCatalog(plugin: string, types: readonly string[]): void {
  for (const language of languages()) addTexts(language, moduleOf(plugin), window.i18next?.getResourceBundle(language, plugin) ?? {}, types)
}

/** Adds further texts in the language of the editor. */
export function shareTexts(module: string, texts: Catalog, types: readonly string[]): void {
  const [language = ''] = languages()
  addTexts(language, module, texts, types)
}
