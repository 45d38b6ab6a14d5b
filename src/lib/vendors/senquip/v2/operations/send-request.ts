import { anyRequest } from '../../../../vocabulary/any-request'
import { DOCS, FRAME } from '../../sources'

export default anyRequest({ docs: DOCS, frame: FRAME, path: '/devices' })
