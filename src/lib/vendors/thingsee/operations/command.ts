import { json, operation } from '../../../vocabulary/operation'
import { commandBuilders } from '../command-builders'
import { DOCS, tuid } from '../fields'
import { answerEvents, answered, answersFrom, commandsOf, completed, doubts, sentCommands } from '../commands'
import messages from './messages'

/** Answers of other commands may stand between ours. */
const LOOKED_AT = 50

export default operation({
  verb: 'send-command',
  title: 'Send commands to a thing',
  help: 'Changes the settings of a thing. The thing answers later, with a message that has tsmEv 31 and the same transactionId.',
  docs: DOCS,
  route: 'POST /things/{tuid}/commands',
  device: 'tuid',
  fields: {
    tuid,
    commands: json({
      in: 'none',
      label: 'Commands',
      help: 'Give one command or an array of them, such as {"tsmId": 1500, "measurementInterval": 60, "reportInterval": 300}; tsmEv and transactionId are filled in when absent',
      placeholder: '{"tsmId": 1500, "measurementInterval": 60, "reportInterval": 300}',
      builders: commandBuilders,
    }),
  },
  prepare: (params) => ({ ...params, commands: completed(params.commands) }),
  warnings: ({ commands }) => doubts(commandsOf(commands)),
  body: ({ commands }) => commands,
  decode: sentCommands,
  async follow(caller, params, sent) {
    const commands = commandsOf(params.commands)
    const found = await caller.call(messages, {
      tuid: params.tuid,
      eventIds: answerEvents(commands),
      from: answersFrom(sent),
      limit: Math.max(LOOKED_AT, 2 * commands.length),
    })
    return answered(commands, found)
  },
})
