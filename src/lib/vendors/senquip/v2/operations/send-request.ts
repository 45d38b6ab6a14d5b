import { anyRequest } from '../../../../vocabulary/any-request'

export default anyRequest({ docs: 'https://cloud-api-docs.v2.senquip.com', path: '/devices' })
