import { operation, text } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { DOCS } from '../fields'

export default operation({
  verb: 'register-device',
  title: 'Create a user',
  help: 'Creates a user account below yours.',
  docs: DOCS,
  route: 'POST /users',
  fields: {
    email: text({
      in: 'body',
      label: 'E-mail',
      help: 'Give the e-mail address with which the user is to sign in',
      placeholder: 'name@example.com',
      pattern: '[^@\\s]+@[^@\\s]+',
      patternHint: 'an e-mail address',
    }),
    password: text({ in: 'body', label: 'Password', help: 'Give the password of the new user; take it from the message or an environment variable, as a flow would keep it readable', secret: true }),
    firstName: text({ in: 'body', wire: 'fname', label: 'First name', help: 'Give the first name of the user' }),
    lastName: text({ in: 'body', wire: 'lname', label: 'Last name', help: 'Give the last name of the user' }),
  },
  decode: under('user'),
})
