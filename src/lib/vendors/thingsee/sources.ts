/** The sources that this vendor's evidence cites. */
import type { Source } from '../../vocabulary/vendor'

const DEVELOPER_SITE = 'https://github.com/haltian/dev-doc-site'

export const SOURCES: Readonly<Record<string, Source>> = {
  H0: {
    title: 'Thingsee Open Services API specification',
    address: 'https://support.haltian.com/knowledgebase/thingsee-open-services-api-specification',
  },
  H1: { title: 'Open Service API, with the base URL', address: 'https://developer.haltian.io/thingsee-iot/apis/open-service-api' },
  H2: { title: 'Message profiles: thingsee-iot/apis/message-profiles of Haltian\'s developer site', address: DEVELOPER_SITE },
  H3: {
    title: 'Properties, units and events: devices/technical-reference/cbor-json-conversion of Haltian\'s developer site',
    address: DEVELOPER_SITE,
  },
  H4: { title: 'Thingsee Toolbox, Haltian\'s own app', address: 'https://github.com/haltian/Thingsee-Toolbox' },
  H5: { title: 'Thingsee Installer, Haltian\'s older app', address: 'https://github.com/haltian/ThingseeInstaller' },
  H6: { title: 'Deployment groups: thingsee-iot/howtos/deployment-groups of Haltian\'s developer site', address: DEVELOPER_SITE },
  H9: { title: 'A third party\'s program that reads messages', address: 'https://github.com/t0dida00/haltian' },
}
