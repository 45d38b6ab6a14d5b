import assert from 'node:assert/strict'
import type { Node, NodeAPI, NodeStatus } from 'node-red'
import sinon from 'sinon'
import { sentence } from '../../src/lib/base/sentence'
import { ActionStatus } from '../../src/nodes/actions/status'
import { statusTexts } from '../../src/nodes/actions/form/action-texts'

/** The English catalog; counts of one have a text of their own, as i18next looks it up. */
function translate(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const name = key.replace(/^.*status\./, '')
  const texts: Readonly<Record<string, string>> = statusTexts
  const text = (values.count === 1 ? texts[`${name}_one`] : undefined) ?? texts[name] ?? key
  return text.replace(/__(\w+)__/g, (_place, value: string) => String(values[value]))
}

describe('the status below a node', () => {
  const noon = new Date(2026, 2, 10, 14, 41).getTime()
  let clock: sinon.SinonFakeTimers
  let status: ActionStatus
  let shown: NodeStatus[]
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: noon })
    shown = []
    const node = { status: (given: NodeStatus) => void shown.push(given) }
    status = new ActionStatus({ _: translate } as Pick<NodeAPI, '_'> as NodeAPI, node as Pick<Node, 'status'> as Node)
  })
  afterEach(() => {
    status.close()
    clock.restore()
  })
  const text = (): string => shown.at(-1)?.text ?? ''

  it('says what came and when', () => {
    status.started()
    status.succeeded('readings', { count: 4 })
    assert.deepEqual(shown.at(-1), { fill: 'green', shape: 'dot', text: '4 readings · 14:41' })
    status.started()
    status.succeeded('readings', { count: 0 })
    assert.equal(text(), '0 readings · 14:41')
  })

  it('gets a date after midnight, and not before', () => {
    status.started()
    status.succeeded('readings', { count: 1 })
    clock.tick(9 * 3_600_000)
    assert.equal(text(), '1 reading · 14:41')
    clock.tick(3_600_000)
    assert.equal(text(), '1 reading · 2026-03-10 14:41')
  })

  it('begins with why readings wait', () => {
    status.outbox(3, 'cloud unreachable')
    assert.deepEqual(shown.at(-1), { fill: 'red', shape: 'ring', text: 'cloud unreachable · 3 readings wait' })
    status.outbox(1)
    assert.deepEqual(shown.at(-1), { fill: 'yellow', shape: 'dot', text: '1 reading waits' })
  })

  it('shows a failure in full, and what an account lacks', () => {
    status.started()
    status.failed(sentence`daily limit used up until ${'01:00'}`)
    assert.deepEqual(shown.at(-1), { fill: 'red', shape: 'ring', text: 'daily limit used up until 01:00' })
    status.unconfigured(sentence`account: ${'E-mail'} is missing`)
    assert.deepEqual(shown.at(-1), { fill: 'grey', shape: 'ring', text: 'account: E-mail is missing' })
  })
})
