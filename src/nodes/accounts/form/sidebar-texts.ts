/** The English texts of the sidebar. They stand in the catalog of the accounts, whose texts it shows too. */
export const sidebarTexts = {
  name: 'Sensor clouds',
  none: 'No account is deployed.',
  problems: 'Problems: __count__',
  noProblem: 'No problems',
  more: 'Not shown: __count__ more problems',
  accounts: 'Accounts: __count__',
  open: 'Open: __name__',
  nodes: 'Nodes: __count__',
  allNodes: 'Show all nodes',
  noAccount: 'Nodes without an account',
  state: {
    ok: 'works',
    unused: 'not used yet',
    waits: 'waits for its limits',
    paused: 'paused until __time__',
    away: 'unreachable since __time__',
    rejected: 'credentials rejected',
    incomplete: 'incomplete',
  },
  requests: 'Requests: __requests__, failed: __failures__, answered from the cache: __hits__',
  lastError: 'Last error: __code__ (__operation__), __time__',
} as const
