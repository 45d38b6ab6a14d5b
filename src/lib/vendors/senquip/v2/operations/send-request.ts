import { anyRequest } from '../../../../vocabulary/any-request'
import { DOCS, FRAME } from '../documentation'

export default anyRequest({ docs: DOCS, frame: FRAME, path: '/devices' })
