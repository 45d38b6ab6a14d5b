import { choice, operation } from '../../../vocabulary/operation'
import { DOCS, tuid } from '../fields'
import { installed } from '../wire'

export default operation({
  verb: 'register-device',
  title: 'Set the installation status',
  help: 'Sets a thing to new, installed, uninstalled, quarantine or retired. Installing a thing begins its warranty.',
  docs: DOCS,
  documented: 'H0, "Set installation status for a thing"',
  seen: 'H4 has a model of it',
  route: 'POST /things/{tuid}/installations',
  device: 'tuid',
  fields: {
    tuid,
    installationStatus: choice({
      in: 'body',
      wire: 'installation_status',
      label: 'Installation status',
      help: 'Choose the new status of the thing',
      choices: [
        { value: 'new', label: 'New: fresh from the factory' },
        { value: 'installed', label: 'Installed: in use, its warranty begins' },
        { value: 'uninstalled', label: 'Uninstalled: waits to be installed again' },
        { value: 'quarantine', label: 'Quarantine: waits for maintenance' },
        { value: 'retired', label: 'Retired: removed for good' },
      ],
    }),
  },
  decode: installed,
})
