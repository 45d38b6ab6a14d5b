/**
 * Loads the palette's part into an editor that was open before the package was installed. Node-RED loads the html of
 * plugin and types at the same time then; before 4.1.2 it does not load that of the plugin at all.
 */
import { addCatalog, languages, type Catalog } from './shared-texts'

declare global {
  interface Window {
    /** Resolves once the palette's part is there. */
    sensorCloudsPalette?: Promise<void>
  }
}

async function loadCatalog(plugin: string, language: string): Promise<void> {
  const catalogs = (await window.$.ajax({ url: `plugins/messages?lng=${encodeURIComponent(language)}`, method: 'GET' })) as Record<string, Catalog>
  addCatalog(plugin, language, catalogs[plugin] ?? {})
}

/** Runs the plugin's script. Node-RED gives the html of all plugins, each after a comment with its name. */
async function loadHtml(plugin: string): Promise<void> {
  const html = (await window.$.ajax({ url: 'plugins', method: 'GET', headers: { Accept: 'text/html' } })) as string
  const part = html.split(/(?=<!-- --- \[red-plugin:\S+\] --- -->)/).find((one) => one.includes(`[red-plugin:${plugin}]`))
  if (part !== undefined && !window.sensorClouds) window.$(document.body).append(part)
}

/** Loads it once, whichever type asks first; after a failure the next type tries again. */
export function loadPalette(plugin: string): void {
  const load = async (): Promise<void> => {
    await Promise.all(languages().map((language) => loadCatalog(plugin, language)))
    await loadHtml(plugin)
    if (!window.sensorClouds) throw new Error(`Node-RED does not serve ${plugin}; reload the page`)
  }
  window.sensorCloudsPalette ??= load().catch((error: unknown) => {
    delete window.sensorCloudsPalette
    throw error
  })
}
