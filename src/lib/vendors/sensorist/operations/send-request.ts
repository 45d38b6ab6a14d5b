import { anyRequest } from '../../../vocabulary/any-request'
import { DOCS, FRAME } from '../fields'

const body = { help: 'Give the values as an object; they are sent as a form. Empty for none.', shape: 'object' } as const

export default anyRequest({ docs: DOCS, frame: FRAME, path: '/alarms' }, body)
