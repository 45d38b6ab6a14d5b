import { anyRead } from '../../../../vocabulary/any-request'

export default anyRead({ docs: 'https://cloud-api-docs.v2.senquip.com', path: '/devices' })
