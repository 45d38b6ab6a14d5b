import assert from 'node:assert/strict'
import type { Account } from '../../../../src/lib/client/account'
import { ApiError } from '../../../../src/lib/base/api-error'
import { vendors } from '../../../../src/lib/vendors'
import { JSON_TYPE, Rig, write, type Values } from './rig'

describe('senquip: writes', () => {
  const DEVICE = 'JDA54E19F'
  const PATH = `/devices/${DEVICE}`
  let rig: Rig
  let account: Account
  const threshold = (values: Values) => write(account, 'set-alarm', 'set-threshold', { deviceId: DEVICE, ...values })
  const register = (values: Values) => write(account, 'register-device', 'add-user-to-device', values)

  before(async () => {
    rig = await Rig.start('senquip', { limits: { senquipPerSecond: false } })
  })
  beforeEach(() => {
    account = rig.account()
  })
  after(() => rig.stop())

  it('updates the configuration', async () => {
    const config = { endpoint: { mqtt: { enable: true, server: 'host:8883' } } }
    await write(account, 'send-command', 'update-config', { deviceId: DEVICE, config })
    assert.deepEqual(rig.latest(), ['POST', `${PATH}/config`, { config }, JSON_TYPE])
    await write(account, 'send-command', 'update-config', { deviceId: DEVICE, config: JSON.stringify({ config }) })
    assert.deepEqual(rig.latest()[2], { config })
    assert.deepEqual(rig.simulator.state.senquip.devices.get(DEVICE)?.config, config)
    await rig.invalid(account, 'send-command', 'update-config', { deviceId: DEVICE, config: {} }, /"Configuration" is empty/)
    await rig.invalid(account, 'send-command', 'update-config', { deviceId: DEVICE, config: [1] }, /must be an object/)
  })

  it('loads a file as bytes, and as its route says', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 200])
    const values = { deviceId: DEVICE, fileName: 'mqtt_client.key', file: bytes }
    const { files } = rig.simulator.state.senquip.devices.get(DEVICE)!
    await write(account, 'send-command', 'load-file', values)
    const [method, path, , type] = rig.latest()
    assert.deepEqual([method, path, type], ['POST', `${PATH}/files/mqtt_client.key`, 'application/octet-stream'])
    assert.deepEqual(rig.simulator.requests.at(-1)?.raw, bytes)
    for (const body of ['json', 'multipart']) {
      files.clear()
      const changed = rig.account({ 'load-file': { method: 'POST', path: '/devices/{deviceId}/files/{fileName}', body } })
      await write(changed, 'send-command', 'load-file', values)
      assert.deepEqual(files.get('mqtt_client.key'), bytes, body)
    }
    await write(account, 'send-command', 'load-file', { ...values, file: 'text ä' })
    assert.equal(files.get('mqtt_client.key')?.toString(), 'text ä')
    await rig.invalid(account, 'send-command', 'load-file', { ...values, file: Buffer.alloc(0) }, /"File" is empty/)
    await rig.invalid(account, 'send-command', 'load-file', { ...values, fileName: 'a/b' }, /file name without a path/)
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
      assert.deepEqual(rig.latest(), ['POST', `${PATH}/config`, { config }, JSON_TYPE])
      assert.equal(warnings.length, values.channel === 'accel.roll' ? 1 : 0)
    }
    assert.deepEqual(rig.simulator.state.senquip.devices.get(DEVICE)?.config.mod5, { alarm: '9' })
  })

  it('refuses thresholds that a channel does not have', async () => {
    const wrong: [Values, RegExp][] = [
      [{ channel: 'ambient' }, /"Warning", "Alarm" and "Hysteresis" are all empty/],
      [{ channel: 'mod1', hysteresis: 1 }, /"Hysteresis" is not a setting of "[^"]+", which has "Warning" and "Alarm"/],
      [{ channel: 'accel.motion', hysteresis: 1 }, /"Hysteresis"/],
      [{ channel: 'gps.speed', warning: '5' }, /"Warning" is not a setting/],
      [{ channel: 'gps.speed', alarm: 'fast' }, /"Alarm" of the speed in km\/h must be a number/],
      [{ channel: 'mod6', alarm: '1' }, /must be one of ambient/],
      [{ channel: 'tc1', hysteresis: -1 }, /at least 0/],
    ]
    for (const [values, words] of wrong) await rig.invalid(account, 'set-alarm', 'set-threshold', { deviceId: DEVICE, ...values }, words)
  })

  it('registers a device, with and without a body', async () => {
    await register({ deviceId: 'NEW123456' })
    assert.deepEqual(rig.latest().slice(0, 2), ['POST', '/devices/NEW123456/users'])
    assert.equal(rig.simulator.requests.at(-1)?.body, '')
    await register({ deviceId: 'NEW123457', groupId: 77, groupName: 'Cellar' })
    assert.deepEqual(rig.latest()[2], { groupid: '77', groupName: 'Cellar' })
    assert.equal(rig.simulator.state.senquip.devices.get('NEW123457')?.groupName, 'Cellar')
  })

  it('asks for the setup password in its own words, whatever the status', async () => {
    for (const [status, code] of [[200, 'INVALID'], [403, 'FORBIDDEN'], [422, 'INVALID']] as const) {
      rig.simulator.state.senquip.choices.passwordRequiredStatus = status
      await assert.rejects(register({ deviceId: 'SIMOTHER1' }), (error: unknown) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.code, code)
        assert.match(error.message, /"Setup password" is missing/)
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
    assert.deepEqual(rig.latest()[2], { setupPassword: 'simulated-setup-password' })
    assert.ok(rig.simulator.state.senquip.devices.has('SIMOTHER1'))
  })

  it('sends any request', async () => {
    await write(account, 'send-command', 'request', { method: 'POST', path: `${PATH}/config`, query: { a: 1 }, body: { config: { x: 1 } } })
    assert.deepEqual(rig.latest(), ['POST', `${PATH}/config`, { config: { x: 1 } }, JSON_TYPE])
    assert.deepEqual(rig.simulator.requests.at(-1)?.query, { a: '1' })
  })

  it('says of every documented call that its route is not published', () => {
    for (const id of ['update-config', 'load-file', 'set-threshold', 'add-user-to-device'] as const)
      assert.ok(vendors.senquip.operations[id].unverified, id)
  })
})
