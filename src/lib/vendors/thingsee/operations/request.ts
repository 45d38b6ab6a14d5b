import { anyRead } from '../../../vocabulary/any-request'
import { DOCS, FRAME } from '../fields'

export default anyRead({ docs: DOCS, frame: FRAME, path: '/things/alerts' })
