import { anyRequest } from '../../../vocabulary/any-request'
import { DOCS } from '../fields'

const body = { help: 'Give the values as an object; they are sent as a form. Empty for none.', shape: 'object' } as const

export default anyRequest({ docs: DOCS, path: '/alarms' }, body)
