import assert from 'node:assert/strict'
import type { Account } from '../../../../src/lib/client/account'
import type { SingleOperation } from '../../../../src/lib/vocabulary/operation'
import { operationsOf } from '../../../../src/lib/vocabulary/vendor'
import { vendors } from '../../../../src/lib/vendors'
import { sameAlarm } from '../../../../src/lib/vendors/sensorist/alarm'
import { answering, FORM, read, Rig, write } from './rig'

describe('sensorist: writes', () => {
  const alarm = { dataSource: '220200', value: -5, direction: 'below' }
  let rig: Rig
  let account: Account
  /** Epoch ms of the cloud. */
  let now = Date.now()

  before(async () => {
    rig = await Rig.start('sensorist', {
      now: () => now,
      maxAge: 0,
      limits: { sensoristPerSecond: false },
      sensorist: { workflowSteps: [{ after: 0, state: 'pending' }, { after: 1.5, state: 'completed' }] },
    })
  })
  beforeEach(() => {
    account = rig.account()
  })
  after(() => rig.stop())

  it('commands a gateway and looks at the workflow without judging its words', async () => {
    const { data, poll } = await write(account, 'send-command', 'gateway-command', { gatewayId: 7325, command: 'reboot' })
    assert.deepEqual(rig.latest(), ['POST', '/gateways/7325/commands', { command: 'reboot' }, FORM])
    const { id } = data as { id: number }
    const first = await poll?.()
    assert.deepEqual([first?.state, first?.ended], ['pending', undefined])
    assert.equal(rig.latest()[1], `/workflows/${id}`)
    now += 1_600
    const last = await poll?.()
    assert.deepEqual([last?.state, last?.ended], ['completed', undefined])
    assert.deepEqual((last?.data as { result: unknown }).result, { gateway: 7325 })
    assert.equal(rig.simulator.state.sensorist.commands.at(-1)?.command, 'reboot')
    await rig.invalid(account, 'send-command', 'gateway-command', { gatewayId: 7325, command: 'explode' }, /one of reboot, pairing_start/)
  })

  it('finds the workflow under likely names, and follows none where there is none', async () => {
    const look = async (id: 'gateway-command' | 'update-sensor', answer: unknown, body: unknown) => {
      const { caller, asked } = answering(body)
      const operation = vendors.sensorist.operations[id] as SingleOperation
      const progress = await operation.follow?.(caller, {}, answer)
      return progress && [asked().workflowId, progress.state, progress.ended]
    }
    assert.deepEqual(await look('gateway-command', { id: 3 }, { workflow: { id: 3, status: 'done' } }), ['3', 'done', undefined])
    assert.deepEqual(await look('gateway-command', { id: 'w1' }, { workflow: { id: 'w1', state: 4 } }), ['w1', 'changing', undefined])
    assert.deepEqual(await look('update-sensor', { sensor: { id: 9 }, workflow: 8 }, {}), ['8', 'changing', undefined])
    assert.equal(await look('update-sensor', { sensor: { id: 9 } }, {}), undefined)
    assert.equal(await look('gateway-command', {}, {}), undefined)
  })

  it('updates gateways and sensors, and drops cached reads of them', async () => {
    const cached = await Rig.start('sensorist', { limits: { sensoristPerSecond: false } })
    try {
      const own = cached.account()
      const gateways = () => read(own, 'gateways') as Promise<{ id: number; title: string; devices: { id: number; title: string }[] }[]>
      await gateways()
      const { data } = await write(own, 'send-command', 'update-gateway', { gatewayId: 7325, gatewayName: 'Cellar & attic' })
      assert.deepEqual(cached.latest(), ['POST', '/gateways/7325', { name: 'Cellar & attic' }, FORM])
      assert.equal((data as { title: string }).title, 'Cellar & attic')
      assert.equal((await gateways())[0]?.title, 'Cellar & attic')
      const named = await write(own, 'send-command', 'update-sensor', { sensorId: 57951, sensorName: 'Wine' })
      assert.deepEqual(cached.latest(), ['POST', '/sensors/57951', { name: 'Wine' }, FORM])
      assert.equal(await named.poll?.(), undefined)
      assert.equal((await gateways())[0]?.devices.find(({ id }) => id === 57951)?.title, 'Wine')
    } finally {
      await cached.stop()
    }
  })

  it('changes an interval and follows its workflow', async () => {
    rig.simulator.state.sensorist.users[0]!.privileged = true
    const { data, poll } = await write(account, 'send-command', 'update-sensor', { sensorId: 57951, interval: 300 })
    assert.deepEqual(rig.latest(), ['POST', '/sensors/57951', { interval: '300' }, FORM])
    assert.deepEqual(Object.keys(data as object).sort(), ['sensor', 'workflow'])
    assert.equal((await poll?.())?.state, 'pending')
    await rig.invalid(account, 'send-command', 'update-sensor', { sensorId: 57951 }, /"Interval \(s\)" and "Name" are both empty/)
    await rig.invalid(account, 'send-command', 'update-sensor', { sensorId: 57951, interval: 0.5 }, /whole number/)
  })

  it('creates an alarm once', async () => {
    const { alarms } = rig.simulator.state.sensorist
    const first = await write(account, 'set-alarm', 'create-alarm', alarm, true)
    assert.deepEqual(rig.latest(), ['POST', '/alarms', { data_source: '220200', value: '-5', direction: 'below' }, FORM])
    assert.equal(first.existing, false)
    const second = await write(account, 'set-alarm', 'create-alarm', alarm, true)
    assert.deepEqual([second.existing, (second.data as { id: number }).id, alarms.size], [true, (first.data as { id: number }).id, 1])
    assert.equal(rig.latest()[0], 'GET')
    for (const changes of [{ delay: 60 }, { value: -6 }, { direction: 'above' }, { dataSource: '220201' }])
      assert.equal((await write(account, 'set-alarm', 'create-alarm', { ...alarm, ...changes }, true)).existing, false)
    assert.equal(alarms.size, 5)
    assert.equal([...alarms.values()].find(({ delay }) => delay === 60)?.value, -5)
    await rig.invalid(account, 'set-alarm', 'create-alarm', { ...alarm, value: 'cold' }, /must be a number/)
    await rig.invalid(account, 'set-alarm', 'create-alarm', { ...alarm, dataSource: 'x' }, /whole number/)
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
    const { alarms } = rig.simulator.state.sensorist
    const { data } = await write(account, 'set-alarm', 'create-alarm', { ...alarm, value: 1 })
    const { id } = data as { id: number }
    await write(account, 'set-alarm', 'delete-alarm', { alarmId: id })
    assert.deepEqual(rig.latest(), ['DELETE', `/alarms/${id}`, '', undefined])
    assert.equal(alarms.has(id), false)
    await rig.invalid(account, 'set-alarm', 'delete-alarm', {}, /"Alarm" is required/)
    await write(account, 'set-alarm', 'delete-all-alarms')
    assert.deepEqual(rig.latest(), ['DELETE', '/alarms', '', undefined])
    assert.equal(alarms.size, 0)
  })

  it('creates and deletes callbacks', async () => {
    const { callbacks } = rig.simulator.state.sensorist
    const url = 'https://example.com/hook?a=1&b=2'
    const rows: [unknown, string][] = [['measurement, alarm', '3'], [['system'], '4'], [7, '7'], ['measurement,alarm,system', '7'], [[1, 'system'], '5']]
    for (const [events, type] of rows) {
      await write(account, 'set-alarm', 'create-callback', { url, events })
      assert.deepEqual(rig.latest(), ['POST', '/callbacks', { url, type }, FORM])
    }
    const [id] = callbacks.keys()
    await write(account, 'set-alarm', 'delete-callback', { callbackId: id })
    assert.deepEqual(rig.latest(), ['DELETE', `/callbacks/${id}`, '', undefined])
    await write(account, 'set-alarm', 'delete-all-callbacks')
    assert.deepEqual(rig.latest(), ['DELETE', '/callbacks', '', undefined])
    assert.equal(callbacks.size, 0)
    for (const wrong of ['ftp://example.com', 'example.com', 'https://'])
      await rig.invalid(account, 'set-alarm', 'create-callback', { url: wrong, events: 'alarm' }, /http:\/\/ or https:\/\//)
    for (const events of ['fire', 0, 8, []]) await rig.invalid(account, 'set-alarm', 'create-callback', { url, events }, /"Events"/)
  })

  it('adds a gateway and creates a user', async () => {
    const free = rig.simulator.state.sensorist.gateways.find(({ owner }) => owner === null)
    assert.ok(free)
    await write(account, 'register-device', 'add-gateway', { serial: free.gateway.serial, gatewayName: 'Home' })
    assert.deepEqual(rig.latest(), ['POST', '/gateways', { serial: free.gateway.serial, name: 'Home' }, FORM])
    assert.equal(free.gateway.title, 'Home')
    const user = { email: 'new@example.com', password: 'pass word&1', firstName: 'My', lastName: 'Name' }
    const { data } = await write(account, 'register-device', 'create-user', user)
    assert.deepEqual(rig.latest(), ['POST', '/users', { email: user.email, password: user.password, fname: 'My', lname: 'Name' }, FORM])
    assert.equal((data as { email: string }).email, user.email)
    await rig.invalid(account, 'register-device', 'create-user', { ...user, email: 'nobody' }, /e-mail address/)
  })

  it('sends any request, with its body as a form', async () => {
    await write(account, 'send-command', 'request', { method: 'POST', path: '/gateways/7325', body: { name: 'Barn' } })
    assert.deepEqual(rig.latest(), ['POST', '/gateways/7325', { name: 'Barn' }, FORM])
  })

  it('acts for another user in posts, wherever the vendor reads that [R0, 2]', async () => {
    const { choices, gateways } = rig.simulator.state.sensorist
    const impersonating = rig.account({}, { impersonate: '14887' })
    try {
      for (const place of ['form', 'query', 'both'] as const) {
        choices.impersonateInPost = place
        await write(impersonating, 'send-command', 'update-gateway', { gatewayId: 7328, gatewayName: `by ${place}` })
        assert.deepEqual(rig.latest(), ['POST', '/gateways/7328', { name: `by ${place}`, impersonate: '14887' }, FORM])
        assert.deepEqual(rig.simulator.requests.at(-1)?.query, { impersonate: '14887' })
        assert.equal(gateways.find(({ gateway }) => gateway.id === 7328)?.gateway.title, `by ${place}`)
        await write(impersonating, 'send-command', 'request', { method: 'POST', path: '/gateways/7328', body: { name: `any ${place}` } })
        assert.deepEqual(rig.latest()[2], { name: `any ${place}`, impersonate: '14887' })
      }
      await read(impersonating, 'gateways')
      assert.equal(rig.simulator.requests.at(-1)?.body, '', 'a read has no form')
      await write(account, 'send-command', 'update-gateway', { gatewayId: 7325, gatewayName: 'Cellar' })
      assert.deepEqual(rig.latest()[2], { name: 'Cellar' }, 'nothing without such a user')
    } finally {
      choices.impersonateInPost = 'both'
    }
  })

  it('recognises an existing alarm in whatever form the list comes', async () => {
    const { choices, alarms } = rig.simulator.state.sensorist
    try {
      alarms.clear()
      for (const lists of ['bare', 'other-key', 'named'] as const) {
        choices.lists = lists
        await write(account, 'set-alarm', 'create-alarm', alarm, true)
        assert.equal(alarms.size, 1, lists)
      }
    } finally {
      choices.lists = 'named'
      alarms.clear()
    }
  })

  it('warns before what cannot be undone', () => {
    for (const [id, operation] of Object.entries(operationsOf(vendors.sensorist, 'set-alarm')))
      assert.equal(operation.destructive !== undefined, id.startsWith('delete'), id)
  })
  it('creates an alarm again that somebody has deleted, though the list of alarms is still in the cache', async () => {
    const cached = await Rig.start('sensorist', { limits: { sensoristPerSecond: false } })
    try {
      const own = cached.account()
      const { alarms } = cached.simulator.state.sensorist
      await write(own, 'set-alarm', 'create-alarm', alarm, true)
      assert.equal((await write(own, 'set-alarm', 'create-alarm', alarm, true)).existing, true)
      alarms.clear()
      assert.equal((await write(own, 'set-alarm', 'create-alarm', alarm, true)).existing, false)
      assert.equal(alarms.size, 1)
    } finally {
      await cached.stop()
    }
  })
})
