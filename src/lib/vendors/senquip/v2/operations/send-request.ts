import { anyRequest } from '../../../../vocabulary/any-request'
import { DOCS } from '../documentation'

export default anyRequest({ docs: DOCS, path: '/devices' })
