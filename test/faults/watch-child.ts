/** A process that watches a Senquip device for silence, ten minutes a second. Prints each event as a line. */
import { systemClock, type Clock } from '../../src/lib/base/clock'
import { Account } from '../../src/lib/client/account'
import { ClientPool } from '../../src/lib/client/pool'
import { openEmbedded } from '../../src/lib/store/embedded/embedded-store'
import senquip from '../../src/lib/vendors/senquip/v2'
import { SilenceWatch } from '../../src/lib/watch/silence-watch'
import { Watcher } from '../../src/lib/watch/watcher'

export interface WatchChildSettings {
  folder: string
  baseUrl: string
  apiKey: string
  device: string
  /** Epoch ms by the system's clock at which the fast clock shows the same. */
  begin: number
}

export const SPEED = 600

const fastClock = (begin: number): Clock => ({
  now: () => begin + (Date.now() - begin) * SPEED,
  monotonic: () => performance.now() * SPEED,
  bootTime: () => {
    const { boot, running, uptime } = systemClock.bootTime()
    return { boot, running: running * SPEED, uptime: uptime * SPEED }
  },
  setTimeout: (callback, ms) => setTimeout(callback, ms / SPEED),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random(),
})

async function watch(): Promise<void> {
  const { apiKey, baseUrl, begin, device, folder } = JSON.parse(process.argv[2] ?? '') as WatchChildSettings
  const account = new Account({ vendor: senquip, settings: { baseUrl, hostedDevices: 100 }, credentials: { apiKey } }, new ClientPool())
  const clock = fastClock(begin)
  const watcher = new Watcher({
    account: () => Promise.resolve(account),
    plan: senquip.watch,
    watch: new SilenceWatch({ intervals: 3, usual: undefined, after: undefined }),
    chosen: [device],
    interval: 300_000,
    clock,
    store: await openEmbedded(folder),
    key: 'watch',
    about: 'test',
    call: { signal: new AbortController().signal },
    emit: ({ event }) => void process.stdout.write(`${event}\n`),
  })
  process.stdout.write('ready\n')
  for (;;) {
    const wait = await watcher.poll().catch(() => watcher.wait)
    await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), wait))
  }
}

void watch()
