import { json, operation } from '../../../vocabulary/operation'
import { commandBuilders } from '../command-catalogue'
import { DOCS, tuid } from '../fields'
import { answersTo, commandsOf, completed, sentCommands, warningsOf } from '../sending-commands'
import messages from './messages'

export default operation({
  verb: 'send-command',
  title: 'Send commands to a thing',
  help: 'Changes the settings of a thing. Haltian documents commands with tsmId 1500, 1501, 12200 and 13200. Others are also sent, with a warning. The thing responds later, in a message with tsmEv 31 and the same transactionId.',
  docs: DOCS,
  documented: 'H0, "Send a command to a thing": tsmId 1500, 1501, 12200 and 13200; H2: what they hold',
  seen: 'H4 sends 12211, 16200 and 17220 too',
  route: 'POST /things/{tuid}/commands',
  device: 'tuid',
  fields: {
    tuid,
    commands: json({
      in: 'none',
      label: 'Commands',
      help: 'Give one command or an array of them, such as {"tsmId": 1500, "measurementInterval": 60, "reportInterval": 300}; missing tsmEv and transactionId are added',
      placeholder: '{"tsmId": 1500, "measurementInterval": 60, "reportInterval": 300}',
      builders: commandBuilders,
    }),
  },
  prepare: (params) => ({ ...params, commands: completed(params.commands) }),
  warnings: ({ commands }) => warningsOf(commandsOf(commands)),
  body: ({ commands }) => commands,
  decode: sentCommands,
  follow: (caller, { tuid, commands }, sent) => answersTo(commandsOf(commands), sent, (wanted) => caller.call(messages, { tuid, ...wanted })),
})
