/** The properties of the store node. */
import { UNVERSIONED, propertyDefaults, type NodeProperties } from '../runtime/node-property'
import type { Config } from '../runtime/migrations/migrate'

/** A new one is declared here, and nowhere else. */
export const storeProperties = {
  kind: {
    kind: 'choice',
    label: 'Storage',
    help: 'Stores limits, tokens, cached responses and waiting readings.',
    default: 'embedded',
    choices: [
      { value: 'embedded', label: 'files of this Node-RED' },
      { value: 'redis', label: 'Redis or Valkey, shared by several instances' },
    ],
  },
  url: {
    kind: 'text',
    label: 'URL',
    help: 'Use rediss:// for TLS. Use redis:// only on this computer or in a trusted network.',
    placeholder: 'redis://localhost:6379',
    onlyFor: 'redis',
  },
} as const satisfies NodeProperties

/** In the order of the registration. */
export const storeDefaults: Config = { name: '', ...propertyDefaults(storeProperties), ...UNVERSIONED }
