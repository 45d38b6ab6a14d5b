import { anyRead } from '../../../any-request'
import { DOCS } from '../fields'

export default anyRead({ docs: DOCS, path: '/gateways' })
