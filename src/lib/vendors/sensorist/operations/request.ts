import { anyRead } from '../../../vocabulary/any-request'
import { DOCS } from '../fields'

export default anyRead({ docs: DOCS, path: '/gateways' })
