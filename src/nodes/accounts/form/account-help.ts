/** The help of the account nodes. Settings and credentials bring their own texts. */
import type { HelpEntry } from '../../editor/markup/help-entry'

export const accountHelp = {
  summary: 'An account of __vendor__: its address, its credentials and how to connect.',
  sample: 'Its limits in the <code>msg.response</code> of its nodes:',
  /** Other config nodes that an account may name. */
  references: [
    {
      name: 'store',
      type: 'sensor-cloud-store',
      optional: true,
      text: 'Where limits, tokens, cached responses and waiting readings are kept. Without a store they are kept in files of this Node-RED.',
    },
    { name: 'proxy', type: 'http proxy', optional: true, text: 'The proxy. If it is empty, the proxy environment variables apply.' },
    { name: 'tls', type: 'tls-config', optional: true, text: 'Your own certificates.' },
  ] satisfies HelpEntry[],
  sharing: 'All nodes of one account share its limits, its cache and its connections.',
  secrets:
    'Node-RED stores credentials apart from the flow and does not export them. An address must start with <code>https://</code>, unless it is on this computer.',
  test: 'Test connection uses the values that you entered, also before the first deploy. If you do not change a password, the stored password is used. It is sent only to the deployed address, with the deployed proxy and TLS configuration.',
  environment: 'Each property can be an environment variable, written as <code>${NAME}</code>.',
  /** Only where the account has a table of routes. */
  routes: {
    name: 'routes',
    type: 'object',
    optional: true,
    text: 'The routes in the table are assumptions. Correct them where a call fails. A row that equals its default is not stored in the flow.',
  } satisfies HelpEntry,
}
