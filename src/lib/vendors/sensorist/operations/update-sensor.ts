import { isRecord } from '../../../base/foreign'
import { anything, ParamError } from '../../../vocabulary/validation'
import { sentence } from '../../../base/sentence'
import { number, operation, text } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS, sensorId } from '../fields'
import { workflowProgress } from '../workflow-progress'

export default operation({
  verb: 'send-command',
  title: 'Update a sensor',
  help: 'Changes the measurement interval or the displayed name of a sensor. The response contains the sensor. After a change of the interval, it may also contain a workflow.',
  docs: DOCS,
  documented: 'R0, "5.5 POST /sensors/<id>"',
  ...ANSWER_UNVERIFIED,
  route: 'POST /sensors/{sensorId}',
  device: 'sensorId',
  // Sensors are read with their gateways.
  changes: ['gateways'],
  fields: {
    sensorId,
    interval: number({
      in: 'body',
      label: 'Interval (s)',
      help: 'Give the time between two measurements; your user needs a special privilege for it',
      placeholder: '900',
      required: false,
      integer: true,
      min: 1,
    }),
    sensorName: text({
      in: 'body',
      wire: 'name',
      label: 'Name',
      help: 'Give the new name of the sensor',
      placeholder: 'Cold room',
      required: false,
    }),
  },
  prepare(params) {
    if (params.interval === undefined && params.sensorName === undefined)
      throw new ParamError((label) => sentence`"${label('interval')}" and "${label('sensorName')}" are both empty; give at least one of them`)
    return params
  },
  // The sensor, and possibly a workflow beside it [R0].
  decode: anything,
  follow: (caller, _params, answer) => workflowProgress(caller, workflowOf(answer)),
})

const workflowOf = (answer: unknown): unknown =>
  isRecord(answer) ? answer.workflow : undefined
