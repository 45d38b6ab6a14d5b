/** Samples are written from what the vendor and its clients publish; the key of the source stands beside each. */
import assert from 'node:assert/strict'
import { readFields, WireError } from '../../../src/lib/vocabulary/validation'
import thingsee from '../../../src/lib/vendors/thingsee'
import { readingsOfMessages } from '../../../src/lib/vendors/thingsee/messages'
import alertCount from '../../../src/lib/vendors/thingsee/operations/alert-count'
import alerts from '../../../src/lib/vendors/thingsee/operations/alerts'
import commands from '../../../src/lib/vendors/thingsee/operations/commands'
import groupThings from '../../../src/lib/vendors/thingsee/operations/group-things'
import groups from '../../../src/lib/vendors/thingsee/operations/groups'
import installations from '../../../src/lib/vendors/thingsee/operations/installations'
import messages from '../../../src/lib/vendors/thingsee/operations/messages'
import request from '../../../src/lib/vendors/thingsee/operations/request'
import thing from '../../../src/lib/vendors/thingsee/operations/thing'
import thingAlerts from '../../../src/lib/vendors/thingsee/operations/thing-alerts'
import thingGroup from '../../../src/lib/vendors/thingsee/operations/thing-group'
import { reason, unwrap } from '../../../src/lib/vendors/thingsee/wire'

const TUID = 'TSPD01ABC12345678'
const RECEIVED = Date.UTC(2026, 0, 31)
const context = { tuid: TUID, receivedAt: RECEIVED }

/** Through the decoder, as messages arrive. */
const read = (...bodies: object[]) => readingsOfMessages(messages.decode(bodies), context)

/** `quantity value unit` of each reading of a message. */
const measured = (tsmId: number, properties: object): unknown[][] =>
  read({ tsmId, tsmEv: 10, tsmTs: 1559638241, tsmTuid: TUID, ...properties }).map(({ quantity, value, unit }) => [
    quantity,
    value,
    unit,
  ])

const wireError = (path: string) => (error: unknown) => error instanceof WireError && error.message.startsWith(path)

describe('thingsee: answers', () => {
  it('takes the data out of its envelope [H0]', () => {
    assert.deepEqual(unwrap({ data: [1] }), [1])
    assert.equal(unwrap({ data: null }), null)
    for (const body of [{}, { message: 'x' }, [], 'text', 3])
      assert.throws(() => unwrap(body), WireError, JSON.stringify(body))
  })

  it('leaves an answer without body (204) to the operation [H4]', () => {
    assert.equal(unwrap(null), null)
    assert.throws(() => messages.decode(null), WireError)
  })

  it('finds the words of a failure: message, then error [H4]', () => {
    assert.equal(reason({ statusCode: 404, error: 'Not Found', message: 'No such thing' }), 'No such thing')
    assert.equal(reason({ statusCode: 404, error: 'Not Found', message: null }), 'Not Found')
    assert.equal(reason({ statusCode: 404, error: null, message: null }), undefined)
    for (const body of ['<html>', null, undefined, []]) assert.equal(reason(body), undefined)
  })

  it('reads the list of alerting things [H0]', () => {
    assert.deepEqual(alerts.decode({ alerting_tuids: ['XXXX03X2Z74162459'] }), { alerting_tuids: ['XXXX03X2Z74162459'] })
    assert.throws(() => alerts.decode({ alerting_tuids: [3] }), wireError('alerting_tuids.#1'))
  })

  it('makes the alert count a number [H0]', () => {
    assert.deepEqual(alertCount.decode({ alert_count: '207' }), { alert_count: 207 })
    assert.deepEqual(alertCount.decode({ alert_count: 0 }), { alert_count: 0 })
    assert.throws(() => alertCount.decode({ alert_count: 'many' }), wireError('alert_count'))
  })

  it('marks alert times as UTC [H0]', () => {
    const alert = (from: unknown, to: unknown) => [
      { tuid: TUID, alert_type: 'heartbeat missed', alerts: [{ from, to }] },
    ]
    assert.deepEqual(
      thingAlerts.decode(alert('1970-01-01T00:00:00', '2019-11-22T06:12:33')),
      alert('1970-01-01T00:00:00Z', '2019-11-22T06:12:33Z'),
    )
    assert.deepEqual(
      thingAlerts.decode(alert('2019-11-22T06:12:33Z', '2019-11-22T06:12:33+02:00')),
      alert('2019-11-22T06:12:33Z', '2019-11-22T06:12:33+02:00'),
    )
    assert.deepEqual(thingAlerts.decode(alert('2019-11-22T06:12:33.5', null)), alert('2019-11-22T06:12:33.5Z', null))
    assert.throws(() => thingAlerts.decode(alert(5, null)), wireError('#1.alerts.#1.from'))
  })

  it('reads a thing, whose place may be text and whose fields may be null [H0, H4]', () => {
    const sample = {
      battery_level: 86,
      timestamp: 1586952604,
      location: { lat: 65.01, lon: 25.52 },
      gateway_tuid: 'XXXX00X1O73360355',
      version: '2019.11.15.2_ts_pod3wp34',
    }
    assert.deepEqual(thing.decode(sample), sample)
    assert.deepEqual(thing.decode({ ...sample, location: { lat: '65.01', lon: '-25.52' } }), {
      ...sample,
      location: { lat: 65.01, lon: -25.52 },
    })
    assert.deepEqual(thing.decode({ ...sample, battery_level: '86', timestamp: '1586952604' }), sample)
    const empty = { battery_level: null, timestamp: null, location: null, gateway_tuid: null, version: null, more: 1 }
    assert.deepEqual(thing.decode(empty), empty)
    assert.throws(() => thing.decode({ battery_level: 'full' }), wireError('battery_level'))
  })

  it('gives the state of a thing as readings at the time of its last event [H0]', () => {
    const readings = (body: object) => (thing.readings?.(thing.decode(body), { tuid: TUID }, { receivedAt: RECEIVED }) ?? []).map(({ quantity, value, unit, timestamp, extra }) => [quantity, value, unit, timestamp, extra?.name])
    const at = 1586952604000
    assert.deepEqual(readings({ battery_level: 86, timestamp: 1586952604, location: { lat: '65.01', lon: 25.52 }, gateway_tuid: 'G', version: '2019.11' }), [
      ['battery', 86, '%', at, 'battery_level'],
      ['latitude', 65.01, '°', at, 'location.lat'],
      ['longitude', 25.52, '°', at, 'location.lon'],
      ['gateway_tuid', 'G', null, at, 'gateway_tuid'],
      ['version', '2019.11', null, at, 'version'],
    ])
    assert.deepEqual(readings({ battery_level: 5, timestamp: null, location: null, gateway_tuid: null, version: null }), [['battery', 5, '%', RECEIVED, 'battery_level']])
  })

  it('reads commands, installations and groups with their extra keys [H0, H4, H5]', () => {
    const sent = [
      {
        tuid: TUID,
        timestamp: 1557302186,
        responsible: null,
        command: { tsmEv: 30, tsmId: 17110, tsmTs: 1557302186, tsmDstTuid: TUID, profileId: 0, transactionId: 99999 },
      },
    ]
    assert.deepEqual(commands.decode(sent), sent)
    const bare = [{ tuid: null, timestamp: null, responsible: null, command: { tsmId: 1500 } }]
    assert.deepEqual(commands.decode(bare), bare)
    assert.throws(() => commands.decode([{ ...sent[0], command: {} }]), wireError('#1.command.tsmId'))
    const installed = [{ tuid: TUID, installation_status: 'retired', timestamp: 1559564455, responsible: 'me', x: 1 }]
    assert.deepEqual(installations.decode(installed), installed)
    assert.deepEqual(installations.decode([{ installation_status: 'new', timestamp: null }]), [{ installation_status: 'new', timestamp: null }])
    assert.deepEqual(thingGroup.decode({ group_id: 'testgroup1', tuid: TUID }), { group_id: 'testgroup1', tuid: TUID })
    const list = [{ group_id: 'a', group_description: null }, { group_id: 'b' }]
    assert.deepEqual(groups.decode(list), list)
    assert.throws(() => groups.decode([{ group_id: 1 }]), wireError('#1.group_id'))
    assert.deepEqual(groupThings.decode({ group_id: 'a', tuids: [TUID] }), { group_id: 'a', tuids: [TUID] })
    assert.throws(() => groupThings.decode({ group_id: 'a' }), wireError('tuids'))
  })

  it('names the path of what is wrong in a message', () => {
    assert.throws(() => messages.decode([{ tsmId: 1110, tsmTs: 'yesterday' }]), wireError('#1.tsmTs is "yesterday"'))
    assert.throws(() => messages.decode([{ tsmId: 1110 }, { tsmEv: 10 }]), wireError('#2.tsmId'))
    assert.throws(() => messages.decode({ tsmId: 1110 }), wireError('the body'))
  })
})

describe('thingsee: account and params', () => {
  const { auth } = thingsee
  assert.ok(auth.kind === 'token')

  it('asks for a token at the base URL with or without its slash [H0, H4]', () => {
    const credentials = { clientId: 'id', clientSecret: 'secret' }
    for (const baseUrl of ['https://a.example/prod/v1/', 'https://a.example/prod/v1', ' https://a.example/prod/v1// '])
      assert.deepEqual(auth.request({ baseUrl }, credentials), {
        url: 'https://a.example/prod/v1/auth/client-token',
        headers: { 'Content-Type': 'application/json' },
        body: '{"client_id":"id","client_secret":"secret"}',
      })
  })

  it('reads the token, which lasts 15 minutes [H0]', () => {
    assert.deepEqual(auth.decode({ data: { token: 't' } }), { value: 't', lifetime: 900 })
    assert.equal(auth.header('t', {}), 'Bearer t')
    assert.throws(() => auth.decode({ data: {} }), wireError('data.token'))
    assert.throws(() => auth.decode({ data: { token: '' } }), WireError)
    assert.throws(() => auth.decode({ message: 'Forbidden' }), wireError('data'))
  })

  it('always sends a limit of messages', () => {
    const fail = (name: string, error: Error): never => assert.fail(`${name} ${error.message}`)
    assert.equal(messages.query?.limit, '100', 'the limit of a request that is given none')
    assert.equal(readFields(messages.fields, { tuid: TUID }, fail).limit, undefined)
    assert.throws(() => readFields(messages.fields, { tuid: TUID, limit: 0 }, fail), /limit must be at least 1/)
    assert.throws(() => readFields(messages.fields, {}, fail), /tuid is required: Give the tuid printed on the device/)
  })

  it('has the path and query of a free request [contract]', () => {
    const params = { path: '/groups', query: { q: 'a' } }
    assert.deepEqual(request.raw?.(params), { method: 'GET', ...params })
  })

  it('explains every field', () => {
    for (const [id, { fields }] of Object.entries(thingsee.operations))
      for (const [name, field] of Object.entries(fields)) assert.ok(field.label && field.help, `${id} ${name}`)
  })
})

describe('thingsee: readings', () => {
  it('says where each comes from [H0]', () => {
    const header = { tsmId: 1110, tsmEv: 10, tsmTs: 1559638241, tsmTuid: 'XXXXTUID', tsmGw: 'XXXXGATEWAYTUID' }
    const more = { tsmDstTuid: 'd', tsmGwTs: 1559638242, tsmCloudTs: 1559638243, tsmAp: 'demo', deploymentGroupId: 'foo' }
    assert.deepEqual(read({ ...header, ...more, batl: 74 }), [
      {
        vendor: 'thingsee',
        device: 'XXXXTUID',
        sensor: null,
        label: null,
        quantity: 'battery',
        channel: 'batl',
        value: 74,
        unit: '%',
        timestamp: 1559638241000,
        extra: {
          name: 'batl', messageId: 1110, message: 'battery', eventId: 10, gateway: 'XXXXGATEWAYTUID', group: 'foo',
          destination: 'd', application: 'demo', gatewayTimestamp: 1559638242000, cloudTimestamp: 1559638243000,
        },
      },
    ])
  })

  it('keeps the transaction of a command beside what was configured [H2]', () => {
    const [reading, ...others] = read({ tsmId: 1500, tsmEv: 31, tsmTs: 1, transactionId: 99999, reportInterval: 300 })
    assert.deepEqual(others, [])
    assert.equal(reading?.extra?.transactionId, 99999)
    assert.equal(reading.quantity, 'reportInterval')
  })

  it('gives what a threshold message carries and nothing else [H2]', () => {
    assert.deepEqual(measured(12100, { tsmEv: 9, temp: 25, humd: null }), [['temperature', 25, '°C']])
  })

  it('gives unknown messages and unknown properties under their own names', () => {
    const [unknown] = read({ tsmId: 99123, tsmTs: 1, spin: 5 })
    assert.deepEqual([unknown?.quantity, unknown?.unit], ['spin', null])
    assert.deepEqual(unknown?.extra, { name: 'spin', messageId: 99123 })
    assert.deepEqual(measured(12100, { pm25: 3, toString: 'x', more: { deep: [true] } }), [
      ['pm25', 3, null],
      ['toString', 'x', null],
      ['more.deep.0', true, null],
    ])
  })

  it('knows what means the same in every message, also in one that is unknown [H3]', () => {
    assert.deepEqual(measured(99123, { temp: 22.4, tempMin: -2.3, humd: 72.4, airp: 102092.358, lght: 720, batl: 88.2, dist: 152, gforce: 1012, voltage: 3, rssiDbm: -70, state: 1 }), [
      ['temperature', 22.4, '°C'], ['tempMin', -2.3, '°C'], ['humidity', 72.4, '%'], ['pressure', 1020.92358, 'hPa'], ['illuminance', 720, 'lx'], ['battery', 88.2, '%'],
      ['distance', 152, 'mm'], ['acceleration', 1.012, 'g'], ['voltage', 3, 'V'], ['rssiDbm', -70, 'dBm'], ['state', 1, null],
    ])
  })

  it('takes numbers and times that the vendor writes as text [H0]', () => {
    const [temperature, pressure] = read({ tsmId: '12100', tsmEv: '10', tsmTs: '1559638241', temp: '22.5', airp: '101364.5' })
    assert.deepEqual([temperature?.value, temperature?.timestamp, temperature?.extra?.messageId], [22.5, 1559638241000, 12100])
    assert.deepEqual([pressure?.value, pressure?.unit], [1013.645, 'hPa'])
    assert.equal(read({ tsmId: 1110, tsmTs: 1559638241123, batl: 1 })[0]?.timestamp, 1559638241123)
    assert.equal(read({ tsmId: 1110, tsmTs: 1e20, batl: 1 })[0]?.timestamp, RECEIVED)
  })

  it('names the parts of a nested value', () => {
    const names = read({ tsmId: 17201, tsmTs: 1, dist: [[1], [2]] }).map(({ extra }) => extra?.name)
    assert.deepEqual(names, ['dist.0.0', 'dist.1.0'])
  })

  it('reads decimals of a second without noise [H3]', () => {
    assert.equal(read({ tsmId: 1110, tsmTs: 1559638241.123, batl: 1 })[0]?.timestamp, 1559638241123)
    assert.equal(read({ tsmId: 1110, tsmTs: 1559638241.0004, batl: 1 })[0]?.timestamp, 1559638241000)
  })

  it('falls back to the times of cloud, gateway and arrival [H2]', () => {
    const at = (times: object) => read({ tsmId: 1000, tsmEv: 18, ...times })[0]?.timestamp
    assert.equal(at({ tsmTs: null, tsmCloudTs: 20, tsmGwTs: 10 }), 20000)
    assert.equal(at({ tsmGwTs: 10.5 }), 10500)
    assert.equal(at({}), RECEIVED)
    assert.equal(at({ tsmTs: 0, tsmCloudTs: 20 }), 0)
  })

  it('takes the thing that was asked for when a message names none', () => {
    for (const header of [{}, { tsmTuid: null }]) assert.equal(read({ tsmId: 1110, batl: 1, ...header })[0]?.device, TUID)
  })

  it('gives a message that measures nothing as an event [H4]', () => {
    assert.deepEqual(read({ tsmId: 1000, tsmEv: 18, tsmTuid: TUID, tsmGw: 'G' }), [
      {
        vendor: 'thingsee',
        device: TUID,
        sensor: null,
        label: null,
        quantity: 'event',
        channel: 'tsmEv',
        value: 18,
        unit: null,
        timestamp: RECEIVED,
        extra: { name: 'tsmEv', messageId: 1000, message: 'network connection', eventId: 18, gateway: 'G' },
      },
    ])
    assert.deepEqual(measured(1600, { tsmEv: 36, transactionId: 5 }), [['event', 36, null]])
    assert.deepEqual(measured(99000, { tsmEv: null }), [['event', 0, null]])
  })

  it('keeps all messages in their order', () => {
    const values = read({ tsmId: 1110, tsmTs: 2, batl: 2 }, { tsmId: 1110, tsmTs: 1, batl: 1 }).map(({ value }) => value)
    assert.deepEqual(values, [2, 1])
    assert.deepEqual(read(), [])
  })

  it('comes from the messages operation', () => {
    const body = messages.decode([{ tsmId: 1110, tsmTs: 1, batl: 74 }])
    const [reading] = messages.readings?.(body, { tuid: TUID, limit: 1 }, { receivedAt: RECEIVED }) ?? []
    assert.deepEqual([reading?.device, reading?.value], [TUID, 74])
  })
})
