import { anyRequest } from '../../../any-request'
import { DOCS } from '../fields'

export default anyRequest({ docs: DOCS, path: '/groups' })
