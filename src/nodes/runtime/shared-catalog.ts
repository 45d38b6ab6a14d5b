/** The catalog of texts that all node types share: that of the package's plugin. */

export const PACKAGE = 'node-red-contrib-sensor-clouds'

/** The plugin, as Node-RED names it. It has only html and texts. */
export const PLUGIN = `${PACKAGE}/editor`

/** A key of the shared catalog, as the runtime looks it up. */
export const sharedText = (key: string): string => `${PLUGIN}:${key}`
