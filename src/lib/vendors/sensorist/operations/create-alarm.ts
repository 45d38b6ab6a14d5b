import { choice, number, operation } from '../../../vocabulary/operation'
import { sameAlarm } from '../alarm'
import { dataSource, DOCS } from '../fields'
import { under } from '../wire'
import alarms from './alarms'

export default operation({
  verb: 'set-alarm',
  title: 'Create an alarm',
  help: 'Raises an alarm when a data source measures more, or less, than a value.',
  docs: DOCS,
  documented: 'R0, "5.6 POST /alarms"',
  unverified: 'Sensorist has not published the format of its alarm list. An existing alarm is recognised by the likely names of its data source, value, direction and delay.',
  routePublished: true,
  route: 'POST /alarms',
  fields: {
    dataSource,
    value: number({ in: 'body', label: 'Value', help: 'Give the value at which the alarm begins, in the unit of the data source', placeholder: '-5' }),
    direction: choice({
      in: 'body',
      label: 'Direction',
      help: 'Choose on which side of the value the alarm is raised',
      choices: [
        { value: 'above', label: 'Above the value' },
        { value: 'below', label: 'Below the value' },
      ],
    }),
    delay: number({
      in: 'body',
      label: 'Delay (min)',
      help: 'Give for how long the measurements must stay beyond the value before the alarm is raised; empty for none',
      placeholder: '60',
      required: false,
      integer: true,
      min: 0,
    }),
  },
  existing: async (caller, params) => sameAlarm(await caller.call(alarms, {}), params),
  decode: under('alarm'),
})
