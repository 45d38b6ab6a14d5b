/** When a sensor counts as silent. */
import assert from 'node:assert/strict'
import { afterLook, afterReading, usualInterval, type SensorState, type SilenceRules } from '../../../src/lib/watch/silence'
import { SilenceWatch } from '../../../src/lib/watch/silence-watch'
import { DAY, HOUR, MINUTE, moment, reading, START } from './moments'

const RULES: SilenceRules = { intervals: 3, usual: undefined, after: undefined }
const PLACE = { device: 'device', sensor: null }

/** A watch that has read the sensor every five minutes, with what it found. */
class Watched {
  readonly found: string[] = []
  readonly watch: SilenceWatch
  at = 0
  /** Ms since the begin, of the readings that the cloud has. */
  readonly #sent: number[] = []

  constructor(rules: Partial<SilenceRules> = {}, watch = new SilenceWatch({ ...RULES, ...rules })) {
    this.watch = watch
  }

  /** The sensor sends every so many ms, while time passes. */
  pass(ms: number, every = Infinity, isRead = true): this {
    const end = this.at + ms
    let next = this.at + every
    while (this.at + 5 * MINUTE <= end) {
      this.at += 5 * MINUTE
      for (; next <= this.at; next += every) this.#sent.push(next)
      if (isRead) this.look()
    }
    return this
  }

  /** Reads the latest reading. */
  look(step = 0, timestamp = this.#sent.at(-1)): this {
    const at = moment(this.at, { epoch: START + this.at + step })
    if (timestamp !== undefined) this.#note(this.watch.take(PLACE, [reading(timestamp)], at))
    this.#note(this.watch.look(PLACE, at))
    return this
  }

  #note(findings: ReturnType<SilenceWatch['take']>): void {
    for (const { event } of findings) this.found.push(`${event} ${this.at / MINUTE}`)
  }
}

describe('a sensor that falls silent', () => {
  it('is found with the poll at which it is due, and is back once', () => {
    const { found, watch } = new Watched().pass(HOUR, 10 * MINUTE).pass(2 * HOUR).pass(30 * MINUTE, 10 * MINUTE)
    // The last reading came after 60 minutes; three intervals later it is due.
    assert.deepEqual(found, ['silent 90', 'back 190'])
    assert.deepEqual(watch.counts, { count: 1, alarms: 0 })
  })

  it('says when it was seen, and how often it was usual', () => {
    const watched = new Watched().pass(HOUR, 10 * MINUTE)
    watched.at += 5 * MINUTE
    const { watch } = watched
    const [silent] = [1, 2, 3, 4, 5, 6, 7].flatMap((polls) => watch.look(PLACE, moment(HOUR + polls * 5 * MINUTE)))
    assert.deepEqual(silent, {
      device: 'device', sensor: null, event: 'silent', timestamp: START + 90 * MINUTE, lastSeen: START + HOUR, interval: 600, data: { silentFor: 1800, limit: 1800 },
    })
    const again = reading(2 * HOUR)
    const [back] = watch.take(PLACE, [again], moment(2 * HOUR))
    assert.deepEqual(back, { device: 'device', sensor: null, event: 'back', timestamp: START + 2 * HOUR, lastSeen: START + 2 * HOUR, interval: 600, data: again })
  })

  it('is not judged before one interval is known', () => {
    assert.deepEqual(new Watched().look(0, 0).pass(DAY).found, [])
    assert.deepEqual(new Watched({ usual: 10 * MINUTE }).look(0, 0).pass(HOUR).found, ['silent 30'])
    assert.deepEqual(new Watched({ after: 2 * HOUR }).look(0, 0).pass(DAY).found, ['silent 120'])
  })

  it('is not found because nobody could read it, and gets the whole time after an outage', () => {
    const watched = new Watched().pass(HOUR, 10 * MINUTE).pass(20 * MINUTE).pass(5 * HOUR, Infinity, false).pass(HOUR)
    // 20 minutes of silence before the outage count no longer.
    assert.deepEqual(watched.found, ['silent 415'])
    assert.deepEqual(new Watched().pass(HOUR, 10 * MINUTE).pass(5 * HOUR, 10 * MINUTE, false).pass(DAY, 10 * MINUTE).found, [])
  })

  it('does not lose the time before a gap that is short for it', () => {
    const watched = new Watched({ after: DAY }).look(0, 0).pass(20 * HOUR).pass(HOUR, Infinity, false).pass(DAY)
    // The poll after the gap counts neither: 65 minutes in all.
    assert.deepEqual(watched.found, [`silent ${DAY / MINUTE + 65}`])
  })

  it('learns a longer interval, and after a silence from its first reading', () => {
    assert.deepEqual(new Watched().pass(HOUR, 10 * MINUTE).pass(DAY, 25 * MINUTE).found, [])
    const { found } = new Watched().pass(HOUR, 10 * MINUTE).pass(2 * DAY, HOUR)
    assert.deepEqual(found, ['silent 90', 'back 120'])
  })

  it('learns a shorter interval after some readings', () => {
    const { found } = new Watched().pass(10 * HOUR, HOUR).pass(2 * HOUR, 10 * MINUTE).pass(HOUR)
    assert.deepEqual(found, ['silent 750'])
  })

  /** The usual interval in minutes, after readings at these minutes. */
  function learnedFrom(minutes: readonly number[]): number {
    let state: SensorState | undefined
    for (const at of minutes) state = afterReading(state && afterLook(state, moment((at - 5) * MINUTE), RULES), START + at * MINUTE, moment(at * MINUTE, { step: DAY }))
    return (usualInterval(state!, RULES) ?? 0) / MINUTE
  }

  it('does not learn from one lost reading, once eight intervals are known', () => {
    assert.equal(learnedFrom([0, 10, 20, 40, 50, 60, 70, 80]), 20)
    assert.equal(learnedFrom([0, 10, 20, 40, 50, 60, 70, 80, 90]), 10)
  })

  it('does not learn from a short interval among the first ones', () => {
    assert.equal(learnedFrom([0, 60, 62]), 60)
    assert.equal(learnedFrom([0, 60, 62, 120, 180, 182]), 60)
  })

  it('does not learn from a reading soon after a repair', () => {
    const watched = new Watched().pass(2 * HOUR, 10 * MINUTE).pass(5 * HOUR)
    watched.look(0, 420 * MINUTE).look(0, 421 * MINUTE)
    assert.deepEqual(watched.pass(25 * MINUTE).found, ['silent 150', 'back 420'])
    assert.deepEqual(watched.pass(5 * MINUTE).found, ['silent 150', 'back 420', 'silent 450'])
  })

  it('is not found too early because its last reading was late', () => {
    const watched = new Watched().pass(2 * HOUR, 10 * MINUTE).pass(20 * MINUTE)
    // Made 14 minutes ago; the read five minutes ago lacked it.
    assert.deepEqual(watched.look(0, 126 * MINUTE).pass(25 * MINUTE).found, [])
    assert.deepEqual(watched.pass(5 * MINUTE).found, ['silent 170'])
  })

  it('counts values of one measurement as one', () => {
    let state: SensorState | undefined
    for (let at = 0; at < HOUR; at += 10 * MINUTE) for (const part of [0, 2000, 4000]) state = afterReading(state, START + at + part, moment(at + part, { step: DAY }))
    assert.equal(usualInterval(state!, RULES), 10 * MINUTE)
  })

  it('is not back because of old readings that come late', () => {
    const watched = new Watched().pass(HOUR, 10 * MINUTE).pass(HOUR).look(0, 15 * MINUTE)
    assert.deepEqual(watched.found, ['silent 90'])
    // A batch from the time of the silence is new, and nothing is told again for the whole time.
    assert.deepEqual(watched.look(0, 100 * MINUTE).pass(25 * MINUTE).found, ['silent 90', 'back 120'])
  })

  it('is not found because a clock is set, or because its own is ahead', () => {
    for (const step of [-DAY, -HOUR, HOUR, DAY]) {
      const watched = new Watched().pass(HOUR, 10 * MINUTE)
      for (let poll = 0; poll < 24; poll += 1) {
        watched.at += 5 * MINUTE
        watched.look(step, Math.floor(watched.at / (10 * MINUTE)) * 10 * MINUTE)
      }
      assert.deepEqual(watched.found, [], `${step}`)
      assert.deepEqual(watched.pass(HOUR).found.map((text) => text.split(' ')[0]), ['silent'], `${step}`)
    }
    const ahead = new Watched()
    for (; ahead.at < 4 * HOUR; ahead.at += 5 * MINUTE) ahead.look(0, Math.floor(ahead.at / (10 * MINUTE)) * 10 * MINUTE + (ahead.at < 2 * HOUR ? 365 * DAY : 0))
    assert.deepEqual(ahead.found, [])
  })

  it('keeps what it knows over a restart', () => {
    const before = new Watched().pass(HOUR, 10 * MINUTE).pass(20 * MINUTE)
    const next = new SilenceWatch(RULES)
    next.restore(JSON.parse(JSON.stringify(before.watch.record())))
    const after = new Watched({}, next)
    after.at = before.at
    assert.deepEqual(after.pass(HOUR).found, ['silent 90'])
    const third = new SilenceWatch(RULES)
    third.restore(JSON.parse(JSON.stringify(next.record())))
    assert.deepEqual(third.counts, { count: 1, alarms: 1 })
    for (const wrong of [undefined, null, {}, [[1]]]) {
      const empty = new SilenceWatch(RULES)
      empty.restore(wrong)
      assert.equal(empty.counts.count, 0)
    }
  })
})
