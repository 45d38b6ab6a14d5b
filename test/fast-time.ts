import sinon from 'sinon'

export interface FastTime {
  /** Sets the calendar, as NTP does; monotonic time and timers go on as before. */
  setDate(epoch: number): void
  /** For after the end of everything that has a timer: no timer fires any more. May be called twice. */
  end(): void
}

/** Real ms between two steps. */
const STEP = 4
const FAKED = ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const

/**
 * Lets dates, monotonic time and timers pass so many times as fast as in reality; sockets and files take their own time.
 * Time stands still while a busy machine keeps this process waiting, so that nothing times out for it.
 */
export function passFast(times: number): FastTime {
  const { setInterval, clearInterval } = globalThis
  const realNow = performance.now.bind(performance)
  // Of its own, so that `sinon.restore()` in a test leaves it.
  const sandbox = sinon.createSandbox()
  const clock = sandbox.useFakeTimers({ now: Date.now(), toFake: [...FAKED] })
  const start = realNow()
  let passed = 0
  let steppedAt = start
  sandbox.stub(performance, 'now').callsFake(() => start + passed)
  const driver = setInterval(() => {
    const now = realNow()
    const ms = Math.round(Math.min(now - steppedAt, 2 * STEP) * times)
    steppedAt = now
    passed += ms
    clock.tick(ms)
  }, STEP)
  return {
    setDate: (epoch) => clock.setSystemTime(epoch),
    end: () => {
      clearInterval(driver)
      sandbox.restore()
    },
  }
}
