/** Writes of Thingsee, Senquip and Sensorist through the client, as the simulator sees them. */
import assert from 'node:assert/strict'
import { Account } from '../../../src/lib/client/account'
import { Call } from '../../../src/lib/client/call'
import { ApiError } from '../../../src/lib/client/errors'
import { ClientPool } from '../../../src/lib/client/pool'
import { isSequence, type Caller, type Fields, type Params, type Progress, type SingleOperation, type Verb } from '../../../src/lib/spec'
import { operationsOf } from '../../../src/lib/vendor'
import { vendors } from '../../../src/lib/vendors'
import { sameAlarm } from '../../../src/lib/vendors/sensorist/alarm'
import command from '../../../src/lib/vendors/thingsee/operations/command'
import deleteGroup from '../../../src/lib/vendors/thingsee/operations/delete-group'
import renameGroup from '../../../src/lib/vendors/thingsee/operations/rename-group'
import setGroup from '../../../src/lib/vendors/thingsee/operations/set-group'
import { WireError } from '../../../src/lib/wire'
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator'
import { accountsOn } from '../../nodes/harness'

type VendorId = 'thingsee' | 'senquip' | 'sensorist'
type Values = Readonly<Record<string, unknown>>

const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'

let simulator: Simulator
let accounts: Account[] = []

const start = (options: SimulatorOptions = {}) =>
  async function (): Promise<void> {
    simulator = await startSimulator(options)
  }

async function stop(): Promise<void> {
  for (const account of accounts) account.close()
  accounts = []
  await simulator.close()
}

function accountOf(vendor: VendorId, routes: Record<string, unknown> = {}): Account {
  const { settings, credentials } = accountsOn(simulator)[vendor]
  const account = new Account(
    { vendor: vendors[vendor], settings: settings as Values, credentials: credentials as Record<string, string>, routes },
    new ClientPool(),
  )
  accounts.push(account)
  return account
}

function callOf(account: Account, verb: Verb, id: string): Call {
  const operation = operationsOf(account.vendor, verb)[id]
  assert.ok(operation, `${account.vendor.id} has no ${id}`)
  return new Call(account, id, operation, { signal: new AbortController().signal })
}

const write = (account: Account, verb: Verb, id: string, values: Values = {}, ifAbsent = false) =>
  callOf(account, verb, id).write(values, ifAbsent)

async function read(account: Account, id: string, values: Values = {}): Promise<unknown> {
  for await (const { data } of callOf(account, 'get-data', id).pages(values)) return data
  return undefined
}

/** Method, path, body and content type of the latest request. */
function latest(): [method: string, path: string, body: unknown, type: unknown] {
  const seen = simulator.requests.at(-1)
  assert.ok(seen)
  const type = seen.headers['content-type']
  const body: unknown = type === JSON_TYPE ? JSON.parse(seen.body) : type === FORM ? Object.fromEntries(new URLSearchParams(seen.body)) : seen.body
  return [seen.method, seen.path, body, type]
}

/** Fails before anything is sent, with a sentence that says so. */
async function invalid(account: Account, verb: Verb, id: string, values: Values, words: RegExp): Promise<void> {
  const before = simulator.requests.length
  await assert.rejects(write(account, verb, id, values), (error: unknown) => {
    assert.ok(error instanceof ApiError)
    assert.equal(error.code, 'INVALID')
    assert.match(error.message, words)
    return true
  })
  assert.equal(simulator.requests.length, before)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('thingsee: writes', () => {
  const TUID = 'TSPR04SIM00000002'
  let account: Account

  before(start({ thingsee: { answerDelay: 0 }, limits: { thingseePerSecond: false } }))
  beforeEach(() => (account = accountOf('thingsee')))
  after(stop)

  it('sends commands as an array, completed, and finds their answers', async () => {
    const commands = [{ tsmId: 1500, measurementInterval: 60, reportInterval: 300 }, { tsmId: 13200, threshold: 150, transactionId: 7 }]
    const { data, warnings, look } = await write(account, 'send-command', 'command', { tuid: TUID, commands })
    const [method, path, body, type] = latest()
    assert.deepEqual([method, path, type], ['POST', `/things/${TUID}/commands`, JSON_TYPE])
    const sent = body as Record<string, number>[]
    assert.deepEqual(sent[1], { tsmId: 13200, tsmEv: 30, transactionId: 7, threshold: 150 })
    const { transactionId, ...rest } = sent[0]!
    assert.deepEqual(rest, { tsmId: 1500, tsmEv: 30, measurementInterval: 60, reportInterval: 300 })
    assert.ok(Number.isInteger(transactionId) && transactionId! >= 0 && transactionId! <= 2_147_483_647)
    assert.deepEqual(warnings, [])
    assert.equal((data as { commands: unknown[] }).commands.length, 2)
    assert.deepEqual(simulator.state.thingsee.things.get(TUID)?.commands.map((row) => row.command.tsmId), [1500, 13200])

    let progress: Progress | undefined
    for (let tries = 0; !progress?.ended && tries < 20; tries += 1) {
      await pause(100)
      progress = await look?.()
    }
    assert.equal(progress?.state, '2 of 2')
    assert.deepEqual(new Set((progress?.data as { transactionId: number }[]).map((message) => message.transactionId)), new Set([transactionId, 7]))
    const { query } = simulator.requests.at(-1)!
    assert.deepEqual([query.eventid, query.limit], ['31', '50'])
    assert.ok(Math.abs(Number(query.from) - Date.now() / 1000) < 120)
  })

  it('makes an array of one command and keeps what it says itself', async () => {
    const given = { tsmId: 1500, tsmEv: 30, transactionId: 0, tsmDstTuid: TUID, reportInterval: 60 }
    await write(account, 'send-command', 'command', { tuid: TUID, commands: JSON.stringify(given) })
    assert.deepEqual(latest()[2], [given])
  })

  it('warns of commands outside the documented ones, and sends them', async () => {
    const { warnings } = await write(account, 'send-command', 'command', {
      tuid: TUID,
      commands: [{ tsmId: 17110, profileId: 3, transactionId: 5 }, { tsmId: 12211, transactionId: 5 }],
    })
    assert.equal(warnings.length, 3)
    assert.match(warnings[0]!, /17110/)
    assert.match(warnings[2]!, /same transactionId/)
  })

  it('checks ranges and names command and property', async () => {
    const wrong: [unknown, RegExp][] = [
      [{ tsmEv: 30 }, /tsmId of command 1 is required/],
      [{ tsmId: 999 }, /tsmId of command 1 .*at least 1000/],
      [{ tsmId: 1500.5 }, /whole number/],
      [{ tsmId: 1500, reportInterval: 0 }, /reportInterval of command 1 \(tsmId 1500\) must be at least 1, not 0/],
      [[{ tsmId: 1500 }, { tsmId: 13200, threshold: 59 }], /threshold of command 2 \(tsmId 13200\) must be from 60 to 1100, not 59/],
      [{ tsmId: 13200, mode: 3 }, /mode/],
      [{ tsmId: 13200, passiveReportInterval: 86_401 }, /passiveReportInterval/],
      [{ tsmId: 1501, nodeRole: 2 }, /nodeRole/],
      [{ tsmId: 1501, lowLatency: true }, /lowLatency/],
      [{ tsmId: 17110, profileId: 4 }, /profileId/],
      [{ tsmId: 1500, transactionId: 2_147_483_648 }, /transactionId/],
      [[], /at least one command/],
      [['1500'], /command 1 must be an object/],
      ['1500', /must be an object/],
      ['{', /must be JSON/],
    ]
    for (const [commands, words] of wrong) await invalid(account, 'send-command', 'command', { tuid: TUID, commands }, words)
  })

  it('counts answers, and has ended only when all are there', async () => {
    const params = { tuid: TUID, commands: [{ tsmId: 1500, tsmEv: 30, transactionId: 1 }, { tsmId: 1501, tsmEv: 30, transactionId: 2 }] }
    const messages = [{ tsmId: 1500, tsmEv: 31, transactionId: 1 }, { tsmId: 1500, tsmEv: 31, transactionId: 1 }, { tsmId: 1501, tsmEv: 30, transactionId: 2 }]
    let asked: Record<string, unknown> = {}
    const caller: Caller<Params<typeof command.fields>> = {
      send: () => Promise.reject(new Error('not here')),
      read: <F extends Fields, B>(operation: SingleOperation<F, B>, given: Params<F>) => {
        asked = given
        return Promise.resolve(operation.decode(messages))
      },
      signal: new AbortController().signal,
      progress: () => undefined,
    }
    assert.deepEqual(await command.follow?.(caller, params, { responsible: 'me', commands: [{ tsmTs: 1_600_000_100 }] }), { data: messages.slice(0, 2), state: '1 of 2', ended: false })
    assert.equal(asked.from, 1_600_000_040_000)
    await command.follow?.(caller, params, null)
    assert.ok(Number(asked.from) < Date.now())
  })

  it('sets installation status and group', async () => {
    await write(account, 'register-device', 'set-installation-status', { tuid: TUID, installationStatus: 'quarantine' })
    assert.deepEqual(latest(), ['POST', `/things/${TUID}/installations`, { installation_status: 'quarantine' }, JSON_TYPE])
    await write(account, 'register-device', 'set-group', { tuid: TUID, groupId: 'prfi00simplant' })
    assert.deepEqual(latest(), ['POST', `/things/${TUID}/group`, { group_id: 'prfi00simplant' }, JSON_TYPE])
    const thing = simulator.state.thingsee.things.get(TUID)
    assert.deepEqual([thing?.installations[0]?.installation_status, thing?.groupId], ['quarantine', 'prfi00simplant'])
    assert.deepEqual(setGroup.changes, ['groups'])
    await invalid(account, 'register-device', 'set-installation-status', { tuid: TUID, installationStatus: 'broken' }, /one of new, installed/)
  })

  it('creates, renames and deletes a group', async () => {
    const { groups } = simulator.state.thingsee
    const { warnings } = await write(account, 'register-device', 'create-group', { groupId: 'prfi00cellar', groupDescription: 'Cellar' })
    assert.deepEqual(latest(), ['POST', '/groups', { group_id: 'prfi00cellar', group_description: 'Cellar' }, JSON_TYPE])
    assert.deepEqual(warnings, [])
    assert.equal(groups.get('prfi00cellar'), 'Cellar')
    const renamed = await write(account, 'register-device', 'rename-group', { groupId: 'prfi00cellar', newGroupId: 'Attic' })
    assert.deepEqual(latest(), ['POST', '/groups/prfi00cellar/rename', { group_id: 'Attic' }, JSON_TYPE])
    assert.deepEqual(renamed.data, { group_id: 'Attic', old: 'prfi00cellar', renamed: true })
    assert.match(renamed.warnings[0]!, /"Attic"/)
    await write(account, 'register-device', 'delete-group', { groupId: 'Attic' })
    assert.deepEqual(latest(), ['DELETE', '/groups/Attic', '', undefined])
    assert.equal(groups.has('Attic'), false)
    assert.ok(deleteGroup.destructive)
  })

  it('checks the id of a new group', async () => {
    for (const groupId of ['two words', 'unassigned', 'x'.repeat(65)])
      await invalid(account, 'register-device', 'create-group', { groupId }, /param "groupId" must be an id of at most 64/)
    await invalid(account, 'register-device', 'rename-group', { groupId: 'dmfi00simempty', newGroupId: 'unassigned' }, /newGroupId/)
    await write(account, 'register-device', 'create-group', { groupId: 'unassigned2' })
  })

  it('tells when the answer says that nothing was done, and takes an answer without body', () => {
    assert.throws(() => renameGroup.decode({ group_id: 'b', old: 'a', renamed: false }), /did not rename/)
    assert.throws(() => deleteGroup.decode({ group_id: 'a', deleted: false }), /did not delete/)
    for (const operation of [renameGroup, deleteGroup, setGroup, command]) {
      assert.equal(operation.decode(null), null)
      assert.throws(() => operation.decode('done'), WireError)
    }
  })

  it('sends any request', async () => {
    await write(account, 'send-command', 'request', { method: 'POST', path: `/things/${TUID}/commands`, body: '[{"tsmId":1500,"tsmEv":30}]' })
    assert.deepEqual(latest(), ['POST', `/things/${TUID}/commands`, [{ tsmId: 1500, tsmEv: 30 }], JSON_TYPE])
    await write(account, 'send-command', 'request', { method: 'GET', path: '/groups', query: { limit: 1 } })
    assert.deepEqual(simulator.requests.at(-1)?.query, { limit: '1' })
    await invalid(account, 'send-command', 'request', { path: '/groups' }, /"method" is required: choose/)
  })
})

describe('senquip: writes', () => {
  const DEVICE = 'JDA54E19F'
  const PATH = `/devices/${DEVICE}`
  let account: Account
  const threshold = (values: Values) => write(account, 'set-alarm', 'set-threshold', { deviceId: DEVICE, ...values })
  const register = (values: Values) => write(account, 'register-device', 'add-user-to-device', values)

  before(start({ limits: { senquipPerSecond: false } }))
  beforeEach(() => (account = accountOf('senquip')))
  after(stop)

  it('updates the configuration', async () => {
    const config = { endpoint: { mqtt: { enable: true, server: 'host:8883' } } }
    await write(account, 'send-command', 'update-config', { deviceId: DEVICE, config })
    assert.deepEqual(latest(), ['POST', `${PATH}/config`, { config }, JSON_TYPE])
    await write(account, 'send-command', 'update-config', { deviceId: DEVICE, config: JSON.stringify({ config }) })
    assert.deepEqual(latest()[2], { config })
    assert.deepEqual(simulator.state.senquip.devices.get(DEVICE)?.config, config)
    await invalid(account, 'send-command', 'update-config', { deviceId: DEVICE, config: {} }, /"config" is empty/)
    await invalid(account, 'send-command', 'update-config', { deviceId: DEVICE, config: [1] }, /must be an object/)
  })

  it('loads a file as bytes, and as its route says', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 200])
    const values = { deviceId: DEVICE, fileName: 'mqtt_client.key', file: bytes }
    const { files } = simulator.state.senquip.devices.get(DEVICE)!
    await write(account, 'send-command', 'load-file', values)
    const [method, path, , type] = latest()
    assert.deepEqual([method, path, type], ['POST', `${PATH}/files/mqtt_client.key`, 'application/octet-stream'])
    assert.deepEqual(simulator.requests.at(-1)?.raw, bytes)
    for (const body of ['json', 'multipart']) {
      files.clear()
      const changed = accountOf('senquip', { 'load-file': { method: 'POST', path: '/devices/{deviceId}/files/{fileName}', body } })
      await write(changed, 'send-command', 'load-file', values)
      assert.deepEqual(files.get('mqtt_client.key'), bytes, body)
    }
    await write(account, 'send-command', 'load-file', { ...values, file: 'text ä' })
    assert.equal(files.get('mqtt_client.key')?.toString(), 'text ä')
    await invalid(account, 'send-command', 'load-file', { ...values, file: Buffer.alloc(0) }, /"file" is empty/)
    await invalid(account, 'send-command', 'load-file', { ...values, fileName: 'a/b' }, /file name without a path/)
  })

  it('sets the thresholds of every kind of channel', async () => {
    const rows: [Values, unknown][] = [
      [{ channel: 'ambient', warning: '0,30', alarm: '-5,40', hysteresis: 1.5 }, { ambient: { warning: '0,30', alarm: '-5,40', hysteresis: 1.5 } }],
      [{ channel: 'accel.roll', alarm: 30, hysteresis: 2 }, { accel: { roll: { alarm: '30' }, hysteresis: 2 } }],
      [{ channel: 'accel.motion', warning: '500' }, { accel: { motion: { warning: '500' } } }],
      [{ channel: 'input1.pulse', alarm: '9' }, { input1: { pulse: { alarm: '9' } } }],
      [{ channel: 'mod5', alarm: '9' }, { mod5: { alarm: '9' } }],
      [{ channel: 'gps.speed', alarm: '80', hysteresis: 5 }, { gps: { speed: { alert: { threshold: 80, hysteresis: 5, enable: true } } } }],
      [{ channel: 'gps.speed', hysteresis: 5 }, { gps: { speed: { alert: { hysteresis: 5 } } } }],
    ]
    for (const channel of ['input1', 'input2', 'output1', 'current1', 'current2', 'tc1'])
      rows.push([{ channel, warning: '1', hysteresis: 0 }, { [channel]: { warning: '1', hysteresis: 0 } }])
    for (const [values, config] of rows) {
      const { warnings } = await threshold(values)
      assert.deepEqual(latest(), ['POST', `${PATH}/config`, { config }, JSON_TYPE])
      assert.equal(warnings.length, values.channel === 'accel.roll' ? 1 : 0)
    }
    assert.deepEqual(simulator.state.senquip.devices.get(DEVICE)?.config.mod5, { alarm: '9' })
  })

  it('refuses thresholds that a channel does not have', async () => {
    const wrong: [Values, RegExp][] = [
      [{ channel: 'ambient' }, /one of the params "warning", "alarm" and "hysteresis" is required/],
      [{ channel: 'mod1', hysteresis: 1 }, /param "hysteresis" is not a setting of channel mod1, which has "warning" and "alarm"/],
      [{ channel: 'accel.motion', hysteresis: 1 }, /"hysteresis"/],
      [{ channel: 'gps.speed', warning: '5' }, /"warning" is not a setting/],
      [{ channel: 'gps.speed', alarm: 'fast' }, /"alarm" of channel gps.speed must be a number/],
      [{ channel: 'mod6', alarm: '1' }, /must be one of ambient/],
      [{ channel: 'tc1', hysteresis: -1 }, /at least 0/],
    ]
    for (const [values, words] of wrong) await invalid(account, 'set-alarm', 'set-threshold', { deviceId: DEVICE, ...values }, words)
  })

  it('registers a device, with and without a body', async () => {
    await register({ deviceId: 'NEW123456' })
    assert.deepEqual(latest(), ['POST', '/devices/NEW123456/users', '', undefined])
    await register({ deviceId: 'NEW123457', groupId: 77, groupName: 'Cellar' })
    assert.deepEqual(latest()[2], { groupid: '77', groupName: 'Cellar' })
    assert.equal(simulator.state.senquip.devices.get('NEW123457')?.groupName, 'Cellar')
  })

  it('asks for the setup password in its own words, whatever the status', async () => {
    for (const [status, code] of [[200, 'INVALID'], [403, 'FORBIDDEN'], [422, 'INVALID']] as const) {
      simulator.state.senquip.choices.passwordRequiredStatus = status
      await assert.rejects(register({ deviceId: 'SIMOTHER1' }), (error: unknown) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.code, code)
        assert.match(error.message, /param "setupPassword" is required/)
        return true
      })
    }
    await assert.rejects(register({ deviceId: 'SIMOTHER1', setupPassword: 'wrong-secret' }), (error: unknown) => {
      assert.ok(error instanceof ApiError)
      assert.doesNotMatch(error.message, /wrong-secret/)
      return true
    })
    for (const setupPassword of [{ password: 'wrong-secret' }, ['wrong-secret']])
      await assert.rejects(register({ deviceId: 'SIMOTHER1', setupPassword }), (error: unknown) => !String(error).includes('wrong-secret'))
    await register({ deviceId: 'SIMOTHER1', setupPassword: 'simulated-setup-password' })
    assert.deepEqual(latest()[2], { setupPassword: 'simulated-setup-password' })
    assert.ok(simulator.state.senquip.devices.has('SIMOTHER1'))
  })

  it('sends any request', async () => {
    await write(account, 'send-command', 'request', { method: 'POST', path: `${PATH}/config`, query: { a: 1 }, body: { config: { x: 1 } } })
    assert.deepEqual(latest(), ['POST', `${PATH}/config`, { config: { x: 1 } }, JSON_TYPE])
    assert.deepEqual(simulator.requests.at(-1)?.query, { a: '1' })
  })

  it('says of every documented call that its route is not published', () => {
    for (const id of ['update-config', 'load-file', 'set-threshold', 'add-user-to-device'] as const)
      assert.ok(vendors.senquip.operations[id].unverified, id)
  })
})

describe('sensorist: writes', () => {
  const alarm = { dataSource: '220200', value: -5, direction: 'below' }
  let account: Account

  before(start({ maxAge: 0, limits: { sensoristPerSecond: false }, sensorist: { workflowSteps: [{ after: 0, state: 'pending' }, { after: 0.2, state: 'completed' }] } }))
  beforeEach(() => (account = accountOf('sensorist')))
  after(stop)

  it('commands a gateway and looks at the workflow without judging its words', async () => {
    const { data, look } = await write(account, 'send-command', 'gateway-command', { gatewayId: 7325, command: 'reboot' })
    assert.deepEqual(latest(), ['POST', '/gateways/7325/commands', { command: 'reboot' }, FORM])
    const { id } = data as { id: number }
    const first = await look?.()
    assert.deepEqual([first?.state, first?.ended], ['pending', undefined])
    assert.equal(latest()[1], `/workflows/${id}`)
    await pause(250)
    const last = await look?.()
    assert.deepEqual([last?.state, last?.ended], ['completed', undefined])
    assert.deepEqual((last?.data as { result: unknown }).result, { gateway: 7325 })
    assert.equal(simulator.state.sensorist.commands.at(-1)?.command, 'reboot')
    await invalid(account, 'send-command', 'gateway-command', { gatewayId: 7325, command: 'explode' }, /one of reboot, pairing_start/)
  })

  it('finds the workflow under likely names, and follows none where there is none', async () => {
    const look = async (id: 'gateway-command' | 'update-sensor', answer: unknown, body: unknown) => {
      const operation: SingleOperation = vendors.sensorist.operations[id] as unknown as SingleOperation
      let path: unknown
      const caller: Caller<Params<Fields>> = {
        send: () => Promise.reject(new Error('not here')),
        read: <F extends Fields, B>(other: SingleOperation<F, B>, given: Params<F>) => {
          path = (given as { workflowId: string }).workflowId
          return Promise.resolve(other.decode(body))
        },
        signal: new AbortController().signal,
        progress: () => undefined,
      }
      const progress = await operation.follow?.(caller, {}, answer)
      return progress && [path, progress.state, progress.ended]
    }
    assert.deepEqual(await look('gateway-command', { id: 3 }, { workflow: { id: 3, status: 'done' } }), ['3', 'done', undefined])
    assert.deepEqual(await look('gateway-command', { id: 'w1' }, { workflow: { id: 'w1', state: 4 } }), ['w1', 'changing', undefined])
    assert.deepEqual(await look('update-sensor', { sensor: { id: 9 }, workflow: 8 }, {}), ['8', 'changing', undefined])
    assert.equal(await look('update-sensor', { sensor: { id: 9 } }, {}), undefined)
    assert.equal(await look('gateway-command', {}, {}), undefined)
  })

  it('updates gateways and sensors, and drops cached reads of them', async () => {
    const cached = await startSimulator({ limits: { sensoristPerSecond: false } })
    const outer = simulator
    simulator = cached
    try {
      const own = accountOf('sensorist')
      const gateways = () => read(own, 'gateways') as Promise<{ id: number; title: string; devices: { id: number; title: string }[] }[]>
      await gateways()
      const { data } = await write(own, 'send-command', 'update-gateway', { gatewayId: 7325, gatewayName: 'Cellar & attic' })
      assert.deepEqual(latest(), ['POST', '/gateways/7325', { name: 'Cellar & attic' }, FORM])
      assert.equal((data as { title: string }).title, 'Cellar & attic')
      assert.equal((await gateways())[0]?.title, 'Cellar & attic')
      const named = await write(own, 'send-command', 'update-sensor', { sensorId: 57951, sensorName: 'Wine' })
      assert.deepEqual(latest(), ['POST', '/sensors/57951', { name: 'Wine' }, FORM])
      assert.equal(await named.look?.(), undefined)
      assert.equal((await gateways())[0]?.devices.find(({ id }) => id === 57951)?.title, 'Wine')
    } finally {
      simulator = outer
      await cached.close()
    }
  })

  it('changes an interval and follows its workflow', async () => {
    simulator.state.sensorist.users[0]!.privileged = true
    const { data, look } = await write(account, 'send-command', 'update-sensor', { sensorId: 57951, interval: 300 })
    assert.deepEqual(latest(), ['POST', '/sensors/57951', { interval: '300' }, FORM])
    assert.deepEqual(Object.keys(data as object).sort(), ['sensor', 'workflow'])
    assert.equal((await look?.())?.state, 'pending')
    await invalid(account, 'send-command', 'update-sensor', { sensorId: 57951 }, /one of the params "interval" and "sensorName" is required/)
    await invalid(account, 'send-command', 'update-sensor', { sensorId: 57951, interval: 0.5 }, /whole number/)
  })

  it('creates an alarm once', async () => {
    const { alarms } = simulator.state.sensorist
    const first = await write(account, 'set-alarm', 'create-alarm', alarm, true)
    assert.deepEqual(latest(), ['POST', '/alarms', { data_source: '220200', value: '-5', direction: 'below' }, FORM])
    assert.equal(first.existing, false)
    const second = await write(account, 'set-alarm', 'create-alarm', alarm, true)
    assert.deepEqual([second.existing, (second.data as { id: number }).id, alarms.size], [true, (first.data as { id: number }).id, 1])
    assert.equal(latest()[0], 'GET')
    for (const changes of [{ delay: 60 }, { value: -6 }, { direction: 'above' }, { dataSource: '220201' }])
      assert.equal((await write(account, 'set-alarm', 'create-alarm', { ...alarm, ...changes }, true)).existing, false)
    assert.equal(alarms.size, 5)
    assert.equal([...alarms.values()].find(({ delay }) => delay === 60)?.value, -5)
    await invalid(account, 'set-alarm', 'create-alarm', { ...alarm, value: 'cold' }, /must be a number/)
    await invalid(account, 'set-alarm', 'create-alarm', { ...alarm, dataSource: 'x' }, /whole number/)
  })

  it('recognises an alarm under other names of its fields', () => {
    const rows: unknown[] = [
      { data_source_id: 220200, value: '-5', direction: 'Below', delay: null },
      { dataSource: { id: 220200 }, threshold: -5, direction: 'below', delay: 0 },
    ]
    for (const row of rows) assert.equal(sameAlarm([null, {}, row], alarm), row)
    const others: unknown[] = [
      { data_source: 220201, value: -5, direction: 'below' },
      { data_source: 220200, value: null, direction: 'below' },
      { data_source: 220200, value: -5, direction: 'below', delay: 10 },
      { value: -5, direction: 'below' },
    ]
    assert.equal(sameAlarm(others, alarm), undefined)
    assert.equal(sameAlarm({ alarms: [] }, alarm), undefined)
  })

  it('deletes one alarm, and all', async () => {
    const { alarms } = simulator.state.sensorist
    const { data } = await write(account, 'set-alarm', 'create-alarm', { ...alarm, value: 1 })
    const { id } = data as { id: number }
    await write(account, 'set-alarm', 'delete-alarm', { alarmId: id })
    assert.deepEqual(latest(), ['DELETE', `/alarms/${id}`, '', undefined])
    assert.equal(alarms.has(id), false)
    await invalid(account, 'set-alarm', 'delete-alarm', {}, /"alarmId" is required/)
    await write(account, 'set-alarm', 'delete-all-alarms')
    assert.deepEqual(latest(), ['DELETE', '/alarms', '', undefined])
    assert.equal(alarms.size, 0)
  })

  it('creates and deletes callbacks', async () => {
    const { callbacks } = simulator.state.sensorist
    const url = 'https://example.com/hook?a=1&b=2'
    const rows: [unknown, string][] = [['measurement, alarm', '3'], [['system'], '4'], [7, '7'], ['measurement,alarm,system', '7'], [[1, 'system'], '5']]
    for (const [events, type] of rows) {
      await write(account, 'set-alarm', 'create-callback', { url, events })
      assert.deepEqual(latest(), ['POST', '/callbacks', { url, type }, FORM])
    }
    const [id] = callbacks.keys()
    await write(account, 'set-alarm', 'delete-callback', { callbackId: id })
    assert.deepEqual(latest(), ['DELETE', `/callbacks/${id}`, '', undefined])
    await write(account, 'set-alarm', 'delete-all-callbacks')
    assert.deepEqual(latest(), ['DELETE', '/callbacks', '', undefined])
    assert.equal(callbacks.size, 0)
    for (const wrong of ['ftp://example.com', 'example.com', 'https://'])
      await invalid(account, 'set-alarm', 'create-callback', { url: wrong, events: 'alarm' }, /http:\/\/ or https:\/\//)
    for (const events of ['fire', 0, 8, []]) await invalid(account, 'set-alarm', 'create-callback', { url, events }, /"events"/)
  })

  it('adds a gateway and creates a user', async () => {
    const free = simulator.state.sensorist.gateways.find(({ owner }) => owner === null)
    assert.ok(free)
    await write(account, 'register-device', 'add-gateway', { serial: free.gateway.serial, gatewayName: 'Home' })
    assert.deepEqual(latest(), ['POST', '/gateways', { serial: free.gateway.serial, name: 'Home' }, FORM])
    assert.equal(free.gateway.title, 'Home')
    const user = { email: 'new@example.com', password: 'pass word&1', firstName: 'My', lastName: 'Name' }
    const { data } = await write(account, 'register-device', 'create-user', user)
    assert.deepEqual(latest(), ['POST', '/users', { email: user.email, password: user.password, fname: 'My', lname: 'Name' }, FORM])
    assert.equal((data as { email: string }).email, user.email)
    await invalid(account, 'register-device', 'create-user', { ...user, email: 'nobody' }, /e-mail address/)
  })

  it('sends any request, with its body as a form', async () => {
    await write(account, 'send-command', 'request', { method: 'POST', path: '/gateways/7325', body: { name: 'Barn' } })
    assert.deepEqual(latest(), ['POST', '/gateways/7325', { name: 'Barn' }, FORM])
  })

  it('warns before what cannot be undone', () => {
    for (const [id, operation] of Object.entries(operationsOf(vendors.sensorist, 'set-alarm')))
      assert.equal(operation.destructive !== undefined, id.startsWith('delete'), id)
  })
})

describe('writes of all three', () => {
  it('have the ids of the contract, a title and a help that can follow "is required:"', () => {
    const ids = (vendor: VendorId, verb: Verb) => Object.keys(operationsOf(vendors[vendor], verb)).sort()
    assert.deepEqual(ids('thingsee', 'send-command'), ['command', 'request'])
    assert.deepEqual(ids('thingsee', 'register-device'), ['create-group', 'delete-group', 'rename-group', 'set-group', 'set-installation-status'])
    assert.deepEqual(ids('senquip', 'send-command'), ['load-file', 'request', 'update-config'])
    assert.deepEqual(ids('senquip', 'set-alarm'), ['set-threshold'])
    assert.deepEqual(ids('senquip', 'register-device'), ['add-user-to-device'])
    assert.deepEqual(ids('sensorist', 'send-command'), ['gateway-command', 'request', 'update-gateway', 'update-sensor'])
    assert.deepEqual(ids('sensorist', 'set-alarm'), ['create-alarm', 'create-callback', 'delete-alarm', 'delete-all-alarms', 'delete-all-callbacks', 'delete-callback'])
    assert.deepEqual(ids('sensorist', 'register-device'), ['add-gateway', 'create-user'])
    for (const vendor of ['thingsee', 'senquip', 'sensorist'] as const)
      for (const [id, operation] of Object.entries(vendors[vendor].operations)) {
        if (operation.verb === 'get-data') continue
        assert.ok(!isSequence(operation) && operation.help !== undefined, id)
        for (const [name, field] of Object.entries<Fields[string]>(operation.fields)) assert.match(field.help ?? '', /^(Give|Choose) /, `${id} ${name}`)
      }
  })
})
