import { anyRead } from '../../../../vocabulary/any-request'
import { DOCS, FRAME } from '../documentation'

export default anyRead({ docs: DOCS, frame: FRAME, path: '/devices' })
