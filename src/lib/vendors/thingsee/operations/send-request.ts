import { anyRequest } from '../../../vocabulary/any-request'
import { DOCS } from '../fields'

export default anyRequest({ docs: DOCS, path: '/groups' })
