import { anyRead } from '../../../../vocabulary/any-request'
import { DOCS, FRAME } from '../../sources'

export default anyRead({ docs: DOCS, frame: FRAME, path: '/devices' })
