/** A process with an outbox: takes a number a line, prints it once its reading can no longer be lost, and delivers. */
import { createInterface } from 'node:readline'
import { systemClock } from '../../src/lib/base/clock'
import { Account } from '../../src/lib/client/account'
import { ClientPool } from '../../src/lib/client/pool'
import { Outbox } from '../../src/lib/outbox/outbox'
import { checkedReading } from '../../src/lib/vocabulary/operation'
import type { Store } from '../../src/lib/store/store'
import sensocan from '../../src/lib/vendors/sensocan'

export interface ChildSettings {
  folder: string
  baseUrl: string
  deviceUuid: string
  accessToken: string
  /** URL of a Redis that it shares with others, where there is one. */
  redis?: string
  /** ms by which its wall clock is ahead. Its readings then have no time of their own. */
  clockAhead?: number
}

export async function serve(open: (settings: ChildSettings) => Promise<Store>): Promise<void> {
  const given = JSON.parse(process.argv[2] ?? '') as ChildSettings
  const { accessToken, baseUrl, clockAhead, deviceUuid } = given
  const store = await open(given)
  const account = new Account({ vendor: sensocan, settings: { baseUrl, deviceUuid }, credentials: { accessToken } }, new ClientPool())
  const outbox = new Outbox({
    name: 'account',
    vendor: sensocan,
    delivery: sensocan.delivery,
    store: { open: () => Promise.resolve(store), release: () => store.close() },
    account: () => Promise.resolve(account),
    onRefused: (_item, error) => process.stderr.write(`${error.message}\n`),
    log: () => undefined,
    clock: { ...systemClock, now: () => Date.now() + (clockAhead ?? 0) },
  })
  outbox.start()
  process.stdout.write('ready\n')
  for await (const line of createInterface({ input: process.stdin })) {
    const value = Number(line)
    const readings = [checkedReading({ sensorSlug: 'temp_01', value, ...(clockAhead === undefined ? { timestamp: Date.now() } : {}) })]
    void outbox.accept({ node: 'node', operation: 'auto', readings, limit: 100_000, window: 10 }).then(
      () => process.stdout.write(`${value}\n`),
      (error: unknown) => process.stderr.write(`${String(error)}\n`),
    )
  }
  await outbox.close()
  await account.close()
}
