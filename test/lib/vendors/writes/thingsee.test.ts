import assert from 'node:assert/strict'
import type { Account } from '../../../../src/lib/client/account'
import type { Progress } from '../../../../src/lib/vocabulary/operation'
import { completed } from '../../../../src/lib/vendors/thingsee/sending-commands'
import command from '../../../../src/lib/vendors/thingsee/operations/command'
import deleteGroup from '../../../../src/lib/vendors/thingsee/operations/delete-group'
import renameGroup from '../../../../src/lib/vendors/thingsee/operations/rename-group'
import setGroup from '../../../../src/lib/vendors/thingsee/operations/set-group'
import { WireError } from '../../../../src/lib/vocabulary/validation'
import { answering, JSON_TYPE, pause, Rig, write } from './rig'

describe('thingsee: writes', () => {
  const TUID = 'TSPR04SIM00000002'
  let rig: Rig
  let account: Account

  before(async () => {
    rig = await Rig.start('thingsee', { thingsee: { answerDelay: 0 }, limits: { thingseePerSecond: false } })
  })
  beforeEach(() => {
    account = rig.account()
  })
  after(() => rig.stop())

  it('sends commands as an array, completed, and finds their answers', async () => {
    const commands = [{ tsmId: 1500, measurementInterval: 60, reportInterval: 300 }, { tsmId: 13200, threshold: 150, transactionId: 7 }]
    const { data, warnings, poll } = await write(account, 'send-command', 'command', { tuid: TUID, commands })
    const [method, path, body, type] = rig.latest()
    assert.deepEqual([method, path, type], ['POST', `/things/${TUID}/commands`, JSON_TYPE])
    const sent = body as Record<string, number>[]
    assert.deepEqual(sent[1], { tsmId: 13200, tsmEv: 30, transactionId: 7, threshold: 150 })
    const { transactionId, ...rest } = sent[0]!
    assert.deepEqual(rest, { tsmId: 1500, tsmEv: 30, measurementInterval: 60, reportInterval: 300 })
    assert.ok(Number.isInteger(transactionId) && transactionId! >= 0 && transactionId! <= 2_147_483_647)
    assert.deepEqual(warnings, [])
    assert.equal((data as { commands: unknown[] }).commands.length, 2)
    assert.deepEqual(rig.simulator.state.thingsee.things.get(TUID)?.commands.map((row) => row.command.tsmId), [1500, 13200])

    let progress: Progress | undefined
    for (let tries = 0; !progress?.ended && tries < 150; tries += 1) {
      await pause(100)
      progress = await poll?.()
    }
    assert.equal(progress?.state, '2 of 2')
    assert.deepEqual(new Set((progress.data as { transactionId: number }[]).map((message) => message.transactionId)), new Set([transactionId, 7]))
    const { query } = rig.simulator.requests.at(-1)!
    assert.deepEqual([query.eventid, query.limit], ['31', '50'])
    assert.ok(Math.abs(Number(query.from) - Date.now() / 1000) < 120)
  })

  it('makes an array of one command and keeps what it says itself', async () => {
    const given = { tsmId: 1500, tsmEv: 30, transactionId: 0, tsmDstTuid: TUID, reportInterval: 60 }
    await write(account, 'send-command', 'command', { tuid: TUID, commands: JSON.stringify(given) })
    assert.deepEqual(rig.latest()[2], [given])
  })

  it('sends a request other than a configuration as such, and finds its answer [H2]', async () => {
    rig.simulator.state.thingsee.choices.allowedCommands = null
    const commands = [{ tsmId: 1600, transactionId: 11 }, { tsmId: '1402', command: 'REBOOT', payload: '', transactionId: 12 }, { tsmId: 1101, requestTsmId: 1100, transactionId: 13 }, { tsmId: 1500, reportInterval: 60, transactionId: 14 }]
    const { poll } = await write(account, 'send-command', 'command', { tuid: TUID, commands })
    assert.deepEqual((rig.latest()[2] as { tsmEv: number }[]).map(({ tsmEv }) => tsmEv), [35, 35, 32, 30])
    let progress: Progress | undefined
    for (let tries = 0; !progress?.ended && tries < 150; tries += 1) {
      await pause(100)
      progress = await poll?.()
    }
    assert.equal(progress?.state, '4 of 4')
    const { query } = rig.simulator.requests.at(-1)!
    assert.deepEqual([query.eventid, query.messageid], [undefined, '1600,1402,1100,1102,1500'])
  })

  const followed = async (messages: readonly object[], ...commands: object[]): Promise<Progress | undefined> => {
    const sent = { responsible: 'me', commands: [{ tsmTs: 1_600_000_100 }] }
    return command.follow?.(answering(messages).caller, { tuid: TUID, commands: completed(commands) }, sent)
  }

  it('knows the answer that the vendor describes for each command [H2]', async () => {
    const cases: [sent: object, answer: object, other: object][] = [
      [{ tsmId: 1101, requestTsmId: 12100 }, { tsmId: 12100, tsmEv: 33 }, { tsmId: 12100, tsmEv: 10 }],
      [{ tsmId: 1101, requestTsmId: 12100 }, { tsmId: 1102, tsmEv: 0 }, { tsmId: 1110, tsmEv: 33 }],
      [{ tsmId: 11211 }, { tsmId: 11200, tsmEv: 33 }, { tsmId: 11200, tsmEv: 10 }],
      [{ tsmId: 1300, binaries: [] }, { tsmId: 1301, tsmEv: 0, result: 'ok' }, { tsmId: 1303, tsmEv: 0 }],
      [{ tsmId: 3300, transactionId: 5 }, { tsmId: 3300, tsmEv: 28, transactionId: 5 }, { tsmId: 3300, tsmEv: 28, transactionId: 6 }],
      [{ tsmId: 1402, command: 'REBOOT', transactionId: 5 }, { tsmId: 1402, tsmEv: 36, transactionId: 5, result: -2 }, { tsmId: 1402, tsmEv: 36, transactionId: 6 }],
      [{ tsmId: 1000, tsmEv: 32, transactionId: 5 }, { tsmId: 1312, tsmEv: 33, transactionId: 5 }, { tsmId: 1312, tsmEv: 33, transactionId: 6 }],
      [{ tsmId: 12211, hallMode: 1, transactionId: 5 }, { tsmId: 12211, tsmEv: 31, transactionId: 5 }, { tsmId: 12210, tsmEv: 31, transactionId: 5 }],
    ]
    for (const [sent, answer, other] of cases) {
      assert.deepEqual(await followed([other, answer], sent), { data: [answer], state: '1 of 1', ended: true })
      assert.deepEqual(await followed([other], sent), { data: [], state: '0 of 1', ended: false }, JSON.stringify(sent))
    }
  })

  it('does not wait for an answer that the vendor does not describe, and says so', async () => {
    const words = 'Haltian documents no response to tsmId'
    for (const sent of [{ tsmId: 1404 }, { tsmId: 1401, diagGroup: 0 }, { tsmId: 1000, tsmEv: 27 }]) {
      const progress = await followed([], sent)
      assert.deepEqual([progress?.ended, progress?.data], [true, { responsible: 'me', commands: [{ tsmTs: 1_600_000_100 }] }])
      assert.ok(String(progress?.note).includes(`${words} ${sent.tsmId}`), String(progress?.note))
    }
    const answer = { tsmId: 1500, tsmEv: 31, transactionId: 9 }
    const mixed = await followed([answer], { tsmId: 1404 }, { tsmId: 1500, transactionId: 9 })
    assert.deepEqual([mixed?.ended, mixed?.state, mixed?.data], [true, '1 of 1', [answer]])
    assert.match(String(mixed?.note), /1404/)
  })

  it('finds the answer of a device that has no such message', async () => {
    rig.simulator.state.thingsee.choices.allowedCommands = null
    const { poll } = await write(account, 'send-command', 'command', { tuid: TUID, commands: { tsmId: 1101, requestTsmId: 24100 } })
    let progress: Progress | undefined
    for (let attempts = 0; !progress?.ended && attempts < 150; attempts += 1) {
      await pause(100)
      progress = await poll?.()
    }
    // An answer without a transactionId cannot be told from that to an earlier command.
    assert.deepEqual([...new Set((progress?.data as { tsmId: number }[]).map(({ tsmId }) => tsmId))], [1102])
  })

  it('warns of commands outside the documented ones, and sends them', async () => {
    const { warnings } = await write(account, 'send-command', 'command', {
      tuid: TUID,
      commands: [{ tsmId: 17110, profileId: 3, transactionId: 5 }, { tsmId: 12211, transactionId: 5 }],
    })
    assert.equal(warnings.length, 3)
    assert.match(String(warnings[0]), /17110/)
    assert.match(String(warnings[2]), /same transactionId/)
  })

  it('checks ranges and names command and property', async () => {
    const wrong: [unknown, RegExp][] = [
      [{ tsmEv: 30 }, /tsmId of command 1 is required/],
      [{ tsmId: 999 }, /tsmId of command 1 .*at least 1000/],
      [{ tsmId: 1500.5 }, /whole number/],
      [{ tsmId: 1500, reportInterval: 0 }, /reportInterval of command 1 \(tsmId 1500\) must be at least 1, not 0/],
      [[{ tsmId: 1500 }, { tsmId: 13200, threshold: 59 }], /threshold of command 2 \(tsmId 13200\) must be from 60 to 1100, not 59/],
      [{ tsmId: 13200, mode: 3 }, /mode/],
      [{ tsmId: 13200, enableLed: 2 }, /enableLed/],
      [{ tsmId: 13200, passiveReportInterval: 86_401 }, /passiveReportInterval/],
      [{ tsmId: 1501, nodeRole: 2 }, /nodeRole/],
      [{ tsmId: 1501, lowLatency: true }, /lowLatency/],
      [{ tsmId: 17110, profileId: 4 }, /profileId/],
      [{ tsmId: 1500, transactionId: 2_147_483_648 }, /transactionId/],
      [{ tsmId: 1101 }, /requestTsmId of command 1 \(tsmId 1101\) is required/],
      [[], /at least one command/],
      [['1500'], /command 1 must be an object/],
      ['1500', /must be an object/],
      ['{', /must be JSON/],
    ]
    for (const [commands, words] of wrong) await rig.invalid(account, 'send-command', 'command', { tuid: TUID, commands }, words)
  })

  it('counts answers, and has ended only when all are there', async () => {
    const params = { tuid: TUID, commands: [{ tsmId: 1500, tsmEv: 30, transactionId: 1 }, { tsmId: 1501, tsmEv: 30, transactionId: 2 }] }
    const messages = [{ tsmId: 1500, tsmEv: 31, transactionId: 1 }, { tsmId: 1500, tsmEv: 31, transactionId: 1 }, { tsmId: 1501, tsmEv: 30, transactionId: 2 }]
    const { caller, asked } = answering(messages)
    assert.deepEqual(await command.follow?.(caller, params, { responsible: 'me', commands: [{ tsmTs: 1_600_000_100 }] }), { data: messages.slice(0, 2), state: '1 of 2', ended: false })
    assert.equal(asked().from, 1_600_000_040_000)
    await command.follow?.(caller, params, null)
    assert.ok(Number(asked().from) < Date.now())
  })

  it('sets installation status and group', async () => {
    await write(account, 'register-device', 'set-installation-status', { tuid: TUID, installationStatus: 'quarantine' })
    assert.deepEqual(rig.latest(), ['POST', `/things/${TUID}/installations`, { installation_status: 'quarantine' }, JSON_TYPE])
    await write(account, 'register-device', 'set-group', { tuid: TUID, groupId: 'prfi00simplant' })
    assert.deepEqual(rig.latest(), ['POST', `/things/${TUID}/group`, { group_id: 'prfi00simplant' }, JSON_TYPE])
    const thing = rig.simulator.state.thingsee.things.get(TUID)
    assert.deepEqual([thing?.installations[0]?.installation_status, thing?.groupId], ['quarantine', 'prfi00simplant'])
    assert.deepEqual(setGroup.changes, ['groups'])
    await rig.invalid(account, 'register-device', 'set-installation-status', { tuid: TUID, installationStatus: 'broken' }, /one of new, installed/)
  })

  it('creates, renames and deletes a group', async () => {
    const { groups } = rig.simulator.state.thingsee
    const { warnings } = await write(account, 'register-device', 'create-group', { groupId: 'prfi00cellar', groupDescription: 'Cellar' })
    assert.deepEqual(rig.latest(), ['POST', '/groups', { group_id: 'prfi00cellar', group_description: 'Cellar' }, JSON_TYPE])
    assert.deepEqual(warnings, [])
    assert.equal(groups.get('prfi00cellar'), 'Cellar')
    const renamed = await write(account, 'register-device', 'rename-group', { groupId: 'prfi00cellar', newGroupId: 'Attic' })
    assert.deepEqual(rig.latest(), ['POST', '/groups/prfi00cellar/rename', { group_id: 'Attic' }, JSON_TYPE])
    assert.deepEqual(renamed.data, { group_id: 'Attic', old: 'prfi00cellar', renamed: true })
    assert.match(String(renamed.warnings[0]), /"Attic"/)
    await write(account, 'register-device', 'delete-group', { groupId: 'Attic' })
    assert.deepEqual(rig.latest(), ['DELETE', '/groups/Attic', '', undefined])
    assert.equal(groups.has('Attic'), false)
    assert.ok(deleteGroup.destructive)
  })

  it('checks the id of a new group', async () => {
    for (const groupId of ['two words', 'unassigned', 'x'.repeat(65)])
      await rig.invalid(account, 'register-device', 'create-group', { groupId }, /"Group id" must be an id of at most 64/)
    await rig.invalid(account, 'register-device', 'rename-group', { groupId: 'dmfi00simempty', newGroupId: 'unassigned' }, /"New group id"/)
    await write(account, 'register-device', 'create-group', { groupId: 'unassigned2' })
  })

  it('tells when the answer says that nothing was done, and takes an answer without body', () => {
    assert.throws(() => renameGroup.decode({ group_id: 'b', old: 'a', renamed: false }), /did not rename/)
    assert.throws(() => deleteGroup.decode({ group_id: 'a', deleted: false }), /did not delete/)
    for (const flag of [0, '0', 'false']) {
      assert.throws(() => renameGroup.decode({ group_id: 'b', old: 'a', renamed: flag }), /did not rename/)
      assert.throws(() => deleteGroup.decode({ group_id: 'a', deleted: flag }), /did not delete/)
    }
    assert.ok(renameGroup.decode({ group_id: 'b', old: 'a', renamed: 1 }))
    for (const operation of [renameGroup, deleteGroup, setGroup, command]) {
      assert.equal(operation.decode(null), null)
      assert.throws(() => operation.decode('done'), WireError)
    }
  })

  it('sends any request', async () => {
    await write(account, 'send-command', 'request', { method: 'POST', path: `/things/${TUID}/commands`, body: '[{"tsmId":1500,"tsmEv":30}]' })
    assert.deepEqual(rig.latest(), ['POST', `/things/${TUID}/commands`, [{ tsmId: 1500, tsmEv: 30 }], JSON_TYPE])
    await write(account, 'send-command', 'request', { method: 'GET', path: '/groups', query: { limit: 1 } })
    assert.deepEqual(rig.simulator.requests.at(-1)?.query, { limit: '1' })
    await rig.invalid(account, 'send-command', 'request', { path: '/groups' }, /"Method" is required: Choose/)
  })
})
