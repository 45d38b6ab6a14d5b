/** Where the build reads and writes. */
import { join } from 'node:path'

export const ROOT = join(__dirname, '..', '..')
export const DIST = join(ROOT, 'dist')
export const NODES = join(DIST, 'nodes')
/** What programs import. */
export const LIBRARY = join(DIST, 'lib')
/** The bundle of all that runs, and the files that it reads. */
export const RUNTIME = join(NODES, 'runtime')
export const FORMS = join(ROOT, 'src', 'nodes')
export const EDITOR = join(FORMS, 'editor')
export const VENDORS = join(ROOT, 'src', 'lib', 'vendors')
/** What Node-RED serves at `resources/<package>/`. */
export const RESOURCES = join(ROOT, 'resources')
export const ICONS = join(ROOT, 'icons')
export const TRANSLATIONS = join(ROOT, 'locales')
