import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import type { Verb } from '../../src/lib/vocabulary/operation'
import { localTime } from '../../src/lib/base/time'
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator'
import { passFast, type FastTime } from '../fast-time'
import { until } from '../until'
import { load, typedAll, unload, type Setup } from './harness'

helper.init(require.resolve('node-red'))

const THING = 'TSPD04SIM00000001'

describe('writes, in a flow', () => {
  let simulator: Simulator
  let fastTime: FastTime | undefined
  const start = async (options: SimulatorOptions = {}): Promise<void> => void (simulator = await startSimulator(options))
  /** For what waits until a command has ended. */
  const startFast = (options: SimulatorOptions): Promise<void> => {
    fastTime = passFast(20)
    return start(options)
  }
  afterEach(async () => {
    await unload()
    await simulator.close()
    fastTime?.end()
  })
  const on = (vendor: Setup['vendor'], verb: Verb, operation: string, params: Setup['params'] = {}, more: Partial<Setup> = {}) =>
    load({ simulator, vendor, verb, operation, params, ...more })

  it('sends a command once, warns about an unusual one, and gives the answer', async () => {
    await start()
    const flow = await on('thingsee', 'send-command', 'command', { tuid: THING, commands: { type: 'msg', value: 'payload' } })
    const { out, caught, completed } = await flow.run({ payload: { tsmId: 1500, measurementInterval: 60, reportInterval: 300 } })
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    assert.equal(completed, 1)
    const [sent] = simulator.requests.filter(({ path }) => path.endsWith('/commands'))
    const [command] = JSON.parse(sent?.body ?? '') as Record<string, number>[]
    assert.deepEqual([command?.tsmId, command?.tsmEv, command?.measurementInterval], [1500, 30, 60])
    assert.ok(Number.isInteger(command?.transactionId))
    assert.equal((out[0]?.payload as { commands: unknown[] }).commands.length, 1)
  })

  it('waits for the answering message of a thing', async () => {
    await startFast({ thingsee: { answerDelay: 1 } })
    const node = { awaitResult: true, awaitTimeout: '20' }
    const flow = await on('thingsee', 'send-command', 'command', { tuid: THING, commands: [{ tsmId: 1500, measurementInterval: 60, reportInterval: 300, transactionId: 77 }] }, { node })
    const { out, caught } = await flow.run()
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    const answers = out[0]?.payload as { tsmEv: number; transactionId: number }[]
    assert.deepEqual(answers.map(({ tsmEv, transactionId }) => [tsmEv, transactionId]), [[31, 77]])
    assert.ok(flow.statuses.some(({ text }) => text === '0 of 1'), JSON.stringify(flow.statuses))
  }).timeout(60_000)

  it('says when a command has been accepted but not ended in time', async () => {
    await startFast({ thingsee: { answerDelay: 60 } })
    const node = { awaitResult: true, awaitTimeout: '2' }
    const flow = await on('thingsee', 'send-command', 'command', { tuid: THING, commands: [{ tsmId: 1500, measurementInterval: 60, reportInterval: 300 }] }, { node })
    const { caught } = await flow.run()
    assert.equal(caught[0]?.error?.code, 'TIMEOUT')
    assert.match(caught[0].error.message, /^Haltian Thingsee, Send commands to a thing: the command was accepted, but has not ended within 2 s/)
  }).timeout(60_000)

  it('goes on at once, saying so, when the vendor describes no answer to a command', async () => {
    await start({ thingsee: { allowedCommands: null } })
    const flow = await on('thingsee', 'send-command', 'command', { tuid: THING, commands: [{ tsmId: 1404 }] }, { node: { awaitResult: true, awaitTimeout: '300' } })
    const warnings: string[] = []
    flow.node.warn = (warning) => void warnings.push(String(warning))
    const { out, caught } = await flow.run()
    assert.deepEqual(caught, [])
    assert.deepEqual((out[0]?.payload as { commands: { tsmId: number }[] }).commands.map(({ tsmId }) => tsmId), [1404])
    assert.ok(warnings.some((warning) => warning.includes('no response to tsmId 1404')), warnings.join())
    assert.ok(!simulator.requests.some(({ path }) => path.endsWith('/messages')))
  })

  it('follows a workflow until it stops changing', async () => {
    await startFast({ maxAge: 0 })
    const node = { awaitResult: true, awaitTimeout: '60' }
    const flow = await on('sensorist', 'send-command', 'gateway-command', { gatewayId: '7325', command: 'reboot' }, { node })
    const { out, caught } = await flow.run()
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    assert.equal((out[0]?.payload as { state: string }).state, 'completed')
  }).timeout(60_000)

  const looksOf = (): number => simulator.requests.filter(({ path }) => path.startsWith('/workflows/')).length

  it('looks at a workflow again only when the answer before it is outdated', async () => {
    await startFast({ maxAge: 4, sensorist: { workflowSteps: [{ after: 0, state: 'completed' }] } })
    const flow = await on('sensorist', 'send-command', 'gateway-command', { gatewayId: '7325', command: 'reboot' }, { node: { awaitResult: true, awaitTimeout: '60' } })
    const { out, caught } = await flow.run()
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    assert.equal((out[0]?.payload as { state: string }).state, 'completed')
    assert.equal(out[0]?.response?.nextLookAt, undefined)
    assert.equal(looksOf(), 3, 'three looks show that it has stopped changing')
  }).timeout(60_000)

  it('goes on at once, saying so, when the cloud allows no look at a workflow in time', async () => {
    await start({ maxAge: 900 })
    const flow = await on('sensorist', 'send-command', 'gateway-command', { gatewayId: '7325', command: 'reboot' }, { node: { awaitResult: true } })
    const warnings: string[] = []
    flow.node.warn = (warning) => void warnings.push(String(warning))
    const before = Date.now()
    const { out, caught, completed } = await flow.run()
    assert.deepEqual(caught.map(({ error }) => error?.message), [], 'an accepted command is no failure')
    assert.equal(completed, 1)
    assert.equal((out[0]?.payload as { state: string }).state, 'pending', 'the payload is the latest look')
    const at = out[0]?.response?.nextLookAt ?? 0
    assert.ok(at >= before + 900_000 && at <= Date.now() + 900_000, `the next look is allowed when max-age is over, not at ${at}`)
    assert.equal(looksOf(), 1)
    assert.ok(warnings[0]?.includes(`its result cannot be read before ${localTime(at)}`), warnings.join())
    assert.ok(flow.statuses.some(({ text }) => text?.includes('accepted')), JSON.stringify(flow.statuses))
  })

  it('never repeats a command that may have arrived, and repeats one that certainly did not', async () => {
    await start()
    const flow = await on('sensorist', 'send-command', 'gateway-command', { gatewayId: '7325', command: 'reboot' })
    for (const fault of [{ reset: 'after' as const }, { status: 500, processed: true }, { truncate: 'connection' as const }]) {
      const before = simulator.requests.length
      simulator.faults.next(fault)
      const { caught } = await flow.run()
      assert.equal(caught.length, 1)
      assert.equal(simulator.requests.length, before + 1, JSON.stringify(fault))
    }
    simulator.faults.next({ status: 429, headers: { 'retry-after': '0' } })
    const { out } = await flow.run()
    assert.equal(out[0]?.response?.attempts, 2)
  }).timeout(60_000)

  it('does not send a command that has waited too long', async () => {
    await start()
    const params = { method: 'GET', path: '/users' }
    const flow = await on('senquip-v1', 'send-command', 'request', params)
    assert.equal((await flow.run()).caught[0]?.error?.code, 'CONFIG')
    await unload()
    const command = { deviceId: 'JDA54E19F', config: { ambient: { interval: 1 } } }
    const patient = { id: 'patient', z: 'tab', type: 'sensor-cloud-send-command', vendor: 'senquip', accountSenquip: 'account', operation: 'update-config', params: typedAll(command), wires: [['done']] }
    const more = [patient, { id: 'done', z: 'tab', type: 'helper' }]
    const commands = await on('senquip', 'send-command', 'update-config', command, { node: { ttl: '0.3' }, account: { hostedDevices: '1' }, more })
    let done = 0
    helper.getNode('done').on('input', () => (done += 1))
    // One a second is allowed, so the second command would wait for longer than its time to live.
    helper.getNode('patient').receive({ payload: 1 })
    const { caught, out } = await commands.run({ payload: 2 })
    assert.deepEqual([out.length, caught[0]?.error?.code], [0, 'EXPIRED'])
    await until(() => commands.statuses.some(({ text }) => /^expired, not sent$/.test(text ?? '')), () => JSON.stringify(commands.statuses))
    await until(() => done === 1, 'the first is sent')
    assert.equal(simulator.requests.length, 1)
  })

  it('sets an alarm once, and says that it is there already', async () => {
    await start({ maxAge: 0 })
    const params = { dataSource: '220200', value: -5, direction: 'below', delay: 60 }
    const flow = await on('sensorist', 'set-alarm', 'create-alarm', params)
    const first = await flow.run()
    assert.deepEqual(first.caught.map(({ error }) => error?.message), [])
    const second = await flow.run()
    assert.equal(simulator.state.sensorist.alarms.size, 1)
    assert.equal((second.out[0]?.response as { existing?: boolean } | undefined)?.existing, true)
    await unload()
    const always = await on('sensorist', 'set-alarm', 'create-alarm', params, { node: { ifAbsent: false } })
    await always.run()
    assert.equal(simulator.state.sensorist.alarms.size, 2)
  })

  it('drops cached reads of what it has changed, and no others', async () => {
    await start()
    const reads = async (): Promise<void> => {
      for (const operation of ['alarms', 'callbacks']) {
        await (await on('sensorist', 'get-data', operation)).run()
        await unload()
      }
    }
    await reads()
    await (await on('sensorist', 'set-alarm', 'create-alarm', { dataSource: '220200', value: 1, direction: 'above' }, { node: { ifAbsent: false } })).run()
    await unload()
    await reads()
    const asked = simulator.requests.map(({ method, path }) => `${method} ${path}`)
    assert.deepEqual(asked, ['GET /alarms', 'GET /callbacks', 'POST /alarms', 'GET /alarms'])
  })

  it('registers rows one after another; a bad one does not stop the rest', async () => {
    await start()
    const flow = await on('thingsee', 'register-device', 'create-group', {})
    const payload = [{ groupId: 'prfi00one', groupDescription: 'One' }, { groupId: 'bad id' }, 'no row', { groupId: 'prfi00simoffice' }, { groupId: 'prfi00two' }]
    const { out, caught } = await flow.run({ payload })
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    const rows = out[0]?.payload as { index: number; ok: boolean; result?: object; error?: { code: string; message: string } }[]
    assert.deepEqual(rows.map(({ index, ok, error }) => [index, ok, error?.code]), [
      [0, true, undefined], [1, false, 'INVALID'], [2, false, 'INVALID'], [3, false, 'CONFLICT'], [4, true, undefined],
    ])
    assert.match(rows[1]?.error?.message ?? '', /^Haltian Thingsee, Create a group: "Group id"/)
    assert.match(rows[2]?.error?.message ?? '', /^Haltian Thingsee, Create a group: each row of msg\.payload must be an object/)
    assert.deepEqual([...simulator.state.thingsee.groups.keys()].filter((id) => /one|two/.test(id)), ['prfi00one', 'prfi00two'])
    // A busy node's status is spread over time, so the last word comes a little later.
    await until(() => flow.statuses.at(-1)?.fill === 'green')
  })

  it('says which rows were done when the node is closed meanwhile', async () => {
    await start()
    const flow = await on('thingsee', 'register-device', 'create-group', {})
    const failed: { message: string; payload: unknown }[] = []
    flow.node.error = (error, message) => void failed.push({ message: (error as Error).message, payload: (message as { payload: unknown }).payload })
    simulator.faults.next({ status: 201, body: '{"data":{"group_id":"x"}}', match: { path: '/groups' } })
    simulator.faults.always({ delay: 30_000, match: { path: '/groups' } })
    flow.node.receive({ payload: [{ groupId: 'prfi00a' }, { groupId: 'prfi00b' }, { groupId: 'prfi00c' }] })
    await until(() => simulator.requests.filter(({ path }) => path === '/groups').length > 1, 'the second row is on its way')
    await unload()
    assert.equal(failed.length, 1)
    assert.equal((failed[0]?.payload as unknown[]).length, 1)
    assert.match(failed[0]?.message ?? '', /^Haltian Thingsee, Create a group: .*; 1 of 3 rows were done/)
  })

  it('warns of an alarm that changes more than it names', async () => {
    await start()
    const flow = await on('senquip', 'set-alarm', 'set-threshold', { deviceId: 'JDA54E19F', channel: 'accel.pitch', alarm: '>40', hysteresis: 1 })
    const warnings: string[] = []
    flow.node.warn = (warning) => void warnings.push(String(warning))
    const { caught } = await flow.run()
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    assert.match(warnings[0] ?? '', /hysteresis/)
  })

  it('names the setup password that a device of another account needs, without showing the one that was tried', async () => {
    await start()
    const flow = await on('senquip', 'register-device', 'add-user-to-device', { deviceId: 'SIMOTHER1' })
    const { caught } = await flow.run()
    assert.equal(caught[0]?.error?.code, 'FORBIDDEN')
    assert.match(caught[0].error.message, /"Setup password" is missing/)
    await unload()
    const right = await on('senquip', 'register-device', 'add-user-to-device', { deviceId: 'SIMOTHER1', setupPassword: 'simulated-setup-password' })
    assert.equal((await right.run()).out.length, 1)
  })

  it('shows no secret among the params, whatever the vendor echoes', async () => {
    await start()
    const secret = ' s3cret pass word '
    simulator.faults.next({ status: 422, body: JSON.stringify({ message: `password ${secret} is weak`, given: secret }) })
    const user = { email: 'new@example.com', password: secret, firstName: 'N', lastName: 'N' }
    const flow = await on('sensorist', 'register-device', 'create-user', user)
    const { caught } = await flow.run()
    assert.equal(new URLSearchParams(simulator.requests[0]?.body).get('password'), secret)
    assert.equal(JSON.stringify([caught[0]?.error?.message, caught[0]?.response, flow.statuses]).includes('s3cret'), false)
  })

  it('uses the corrected route of the request that it shares', async () => {
    await start()
    simulator.state.senquip.choices.routes['update-config'] = 'PUT /v2/{id}/settings'
    const account = { routes: { 'update-config': { method: 'PUT', path: '/v2/{deviceId}/settings' } } }
    const flow = await on('senquip', 'set-alarm', 'set-threshold', { deviceId: 'JDA54E19F', channel: 'ambient', alarm: '>40' }, { account })
    const { caught } = await flow.run()
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    assert.deepEqual(JSON.parse(simulator.requests[0]?.body ?? ''), { config: { ambient: { alarm: '>40' } } })
  })

  it('loads a file as bytes, or in the form that the account says', async () => {
    await start()
    const params = { deviceId: 'JDA54E19F', fileName: 'mqtt_client.key', file: { type: 'msg', value: 'payload' } }
    for (const body of [undefined, 'json', 'multipart']) {
      const route = { method: 'POST', path: '/devices/{deviceId}/files/{fileName}', body }
      const flow = await on('senquip', 'send-command', 'load-file', params, { account: { routes: body ? { 'load-file': route } : {} } })
      const content = `key ${body ?? 'bytes'}`
      const { caught } = await flow.run({ payload: body ? content : Buffer.from(content) })
      assert.deepEqual(caught.map(({ error }) => error?.message), [])
      assert.equal(simulator.state.senquip.devices.get('JDA54E19F')?.files.get('mqtt_client.key')?.toString(), content)
      await unload()
    }
  })
})
