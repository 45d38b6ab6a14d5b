import { anyRead } from '../../../../vocabulary/any-request'
import { DOCS } from '../documentation'

export default anyRead({ docs: DOCS, path: '/devices' })
