import { operation, text } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'register-device',
  title: 'Create a user',
  help: 'Creates a new user account.',
  docs: DOCS,
  documented: 'R0, "5.1 POST /users"',
  ...ANSWER_UNVERIFIED,
  route: 'POST /users',
  fields: {
    email: text({
      in: 'body',
      label: 'E-mail',
      help: 'Give the e-mail address that the user signs in with',
      placeholder: 'name@example.com',
      pattern: '[^@\\s]+@[^@\\s]+',
      patternHint: 'an e-mail address',
    }),
    password: text({ in: 'body', label: 'Password', help: 'Give the password of the new user. Keep it as a credential, or take it from the message: a flow file would show a typed text.', secret: true }),
    firstName: text({ in: 'body', wire: 'fname', label: 'First name', help: 'Give the first name of the user' }),
    lastName: text({ in: 'body', wire: 'lname', label: 'Last name', help: 'Give the last name of the user' }),
  },
  decode: under('user'),
})
