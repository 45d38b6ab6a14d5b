/** The readings of generated answers beside a list of all their values: nothing vanishes, and nothing is made up. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import deviceData from '../../src/lib/vendors/senquip/v2/operations/device-data'
import messages from '../../src/lib/vendors/thingsee/operations/messages'
import { pageOf } from '../../src/lib/vendors/sensorist/measurements'
import { readingsOfRow } from '../../src/lib/vendors/sensorist/readings'
import { readAnswer } from '../../src/lib/vendors/sensorist/wire'
import type { DataSource } from '../../src/lib/vendors/sensorist/inventory'
import type { Reading } from '../../src/lib/vocabulary/reading'
import { checkHistories } from './histories'

const START = 1_770_000_000

type Scalar = number | string | boolean

/** A value of a message, as deep as vendors nest them. */
const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 2 },
    fc.oneof(fc.integer({ min: -5000, max: 5000 }), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), fc.constantFrom<Scalar | null>('21.5', 'on', '', ' ', true, false, null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'temp', 'id', 'constructor', 'toString', 'valueOf'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value

/** Names with and without a quantity, and some that objects inherit. valibot leaves `constructor` and `prototype` out. */
const NAMES = ['temp', 'humd', 'airp', 'vin', 'ambient', 'tc1', 'pressure', 'angle', 'lat', 'batl', 'count', 'level', 'foo', 'é', 'a.b', 'toString', 'valueOf', 'length'] as const

interface Message {
  seconds: number
  device: string
  properties: Record<string, unknown>
}

const message: fc.Arbitrary<Message> = fc.record({
  seconds: fc.integer({ min: START, max: START + 1000 }),
  device: fc.constantFrom('D1', 'D2'),
  properties: fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 6, noNullPrototype: true }),
})

/** `name=value` of each value in a message; a reading has the dotted name as `extra.name`. */
function leaves(name: string, one: unknown): [string, Scalar][] {
  if (typeof one === 'number' || typeof one === 'string' || typeof one === 'boolean') return [[name, one]]
  return typeof one === 'object' && one !== null ? Object.entries(one).flatMap(([key, part]) => leaves(`${name}.${key}`, part)) : []
}

const shown = ([name, one]: readonly [string, Scalar]): string => `${name} ${typeof one} ${String(one)}`

const expected = ({ device, properties, seconds }: Message): string[] =>
  Object.entries(properties).flatMap(([name, one]) => leaves(name, one)).map(([name]) => `${device} ${seconds} ${name}`)

const found = ({ device, extra, timestamp }: Reading): string => `${device} ${timestamp / 1000} ${String(extra?.name)}`

/** Checks names, devices and times of all readings, and the value of each that no unit converts. */
function check(readings: readonly Reading[], all: readonly Message[]): void {
  assert.deepEqual(readings.map(found).sort(), all.flatMap(expected).sort())
  const sent = new Set(all.flatMap(({ properties }) => Object.entries(properties).flatMap(([name, one]) => leaves(name, one).map(shown))))
  for (const { extra, quantity, unit, value: given } of readings) {
    assert.ok(given !== null, `${String(extra?.name)} has lost its value`)
    if (unit === null && quantity === extra?.name) assert.ok(sent.has(shown([quantity, given])), `${quantity} has another value`)
  }
}

type Envelope = 'array' | 'data' | 'datapoints'

const inEnvelope = (envelope: Envelope, list: readonly unknown[]): unknown => (envelope === 'array' ? list : { [envelope]: list })

describe('readings and their model', () => {
  it('agree on what Senquip has sent', () =>
    checkHistories(fc.constantFrom<Envelope>('array', 'data', 'datapoints'), message, (envelope, all) => {
      const body = deviceData.decode(inEnvelope(envelope, all.map(({ device, properties, seconds }) => ({ ts: seconds, deviceid: device, ...properties }))))
      check(deviceData.readings?.(body, { deviceId: 'D9' }, { receivedAt: 0, settings: {} }) ?? [], all)
    }))

  it('agree on what Thingsee has sent', () =>
    checkHistories(fc.integer({ min: 20_000, max: 20_003 }), message, (tsmId, all) => {
      const body = messages.decode(all.map(({ device, properties, seconds }) => ({ tsmId, tsmEv: 10, tsmTs: seconds, tsmTuid: device, ...properties })))
      const readings = messages.readings?.(body, { tuid: 'T9' }, { receivedAt: 0, settings: {} }) ?? []
      const events = readings.filter(({ quantity }) => quantity === 'event')
      // A message without any value is an event itself.
      assert.equal(events.length, all.filter((one) => expected(one).length === 0).length)
      check(readings.filter((reading) => !events.includes(reading)), all)
    }))

  it('agree on what Sensorist has sent', () =>
    checkHistories(fc.boolean(), message, (isList, all) => {
      const sources = new Map(['D1', 'D2'].map((id): [string, DataSource] => [id, { id, title: undefined, kind: 'kind', unit: undefined, gateway: id, gatewayTitle: undefined, sensor: 's', sensorTitle: undefined }]))
      const rows = all.map(({ device, properties, seconds }) => ({ device, row: { date: new Date(seconds * 1000).toISOString(), ...properties } }))
      const measurements = isList
        ? rows.map(({ device, row }) => ({ data_source: { id: device }, ...row }))
        : Object.fromEntries([...sources.keys()].map((id) => [id, rows.filter(({ device }) => device === id).map(({ row }) => row)]))
      check(pageOf(readAnswer({ measurements }, [...sources.keys()]), sources, readingsOfRow).readings ?? [], all)
    }))
})
