/** The English texts of the store's form. Those of its properties stand in their declarations. */
import { commonErrors, commonTexts } from '../../editor/texts'

export const storeLabel = 'sensor cloud store'

export const storeTexts = {
  name: commonTexts.name,
  namePlaceholder: commonTexts.namePlaceholder,
  secret: commonTexts.secret,
  embedded: 'Embedded store',
  redis: 'Redis store',
  password: 'Password',
  passwordHelp: 'Leave it empty if Redis needs none.',
  error: commonErrors,
} as const
