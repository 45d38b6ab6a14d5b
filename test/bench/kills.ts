/** A process with an outbox that is killed two hundred times while the cloud comes and goes. */
import { join } from 'node:path'
import { killAgainAndAgain, type KillResult } from '../outbox/kill'
import type { Figure } from './figure'

const KILLS = 200
/** Each run begins with an empty folder, and ends when the cloud has all. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]
const STORE = { module: join(__dirname, '..', '..', 'src', 'lib', 'store', 'embedded'), name: 'openEmbedded' }

export async function killFigures(): Promise<Figure[]> {
  const results: KillResult[] = []
  for (const seed of SEEDS) results.push(await killAgainAndAgain({ kills: KILLS / SEEDS.length, seed, store: STORE }))
  const sum = (count: (result: KillResult) => number): number => results.reduce((total, result) => total + count(result), 0)
  return [
    { what: 'kills', value: KILLS, unit: '' },
    { what: 'readings accepted', value: sum(({ accepted }) => accepted.length), unit: '', least: KILLS },
    { what: 'accepted and never delivered', value: sum(({ lost }) => lost.length), unit: '', most: 0 },
    { what: 'sent again after an answer', value: sum(({ doubled }) => doubled.length), unit: '', most: 0 },
    { what: 'sent again because no answer had come', value: sum(({ repeated }) => repeated), unit: '' },
    { what: 'runs with a reading out of order', value: sum(({ ordered }) => (ordered ? 0 : 1)), unit: `of ${SEEDS.length}`, most: 0 },
    { what: 'processes that complained', value: sum(({ complaints }) => (complaints === '' ? 0 : 1)), unit: '', most: 0 },
    { what: 'requests', value: sum(({ requests }) => requests), unit: '' },
  ]
}
