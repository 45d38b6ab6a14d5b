import { anyRequest } from '../../../vocabulary/any-request'
import { DOCS, FRAME } from '../fields'

export default anyRequest({ docs: DOCS, frame: FRAME, path: '/groups' })
