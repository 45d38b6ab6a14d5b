/** The help of the store. */
import type { HelpEntry, HelpTexts } from '../../editor/markup/help-entry'

export const storeHelp = {
  summary: 'Stores limits, tokens, cached responses, reading positions and waiting readings.',
  sample: 'A URL of Redis with TLS, a user name and a database:',
  credentials: [
    { name: 'password', type: 'password', optional: true, text: 'The password of Redis. Node-RED stores it apart from the flow.' },
  ],
  details: [
    'An account without a store keeps its data in files in the user directory of this Node-RED. Use Redis or Valkey for several Node-RED instances that share an account.',
    'Instances with the same store share the limits of an account. Redis counts each request in one step, by its own clock. The instances also share tokens and cached responses. If an instance crashes, another one sends its waiting readings, oldest first.',
    'Start Redis with <code>--appendonly yes</code>, so that it loses nothing when it restarts, and with <code>maxmemory-policy noeviction</code>.',
    'While Redis is unreachable, calls fail with an error, so that no limit is exceeded. Readings wait in files of this Node-RED until Redis is reachable again. The log reports the start and the end of the outage.',
    'Use TLS (<code>rediss://</code>) for a Redis on another computer. With <code>redis://</code> the password and the readings travel unencrypted.',
    'Each property can be an environment variable, written as <code>${NAME}</code>.',
  ],
} satisfies HelpTexts & { credentials: readonly HelpEntry[] }
