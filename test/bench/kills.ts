/** Processes with an outbox that are killed while the cloud comes and goes. */
import { join } from 'node:path'
import { killAgainAndAgain, type KillResult } from '../faults/kill'
import { killOneOfTwo } from '../faults/two-processes'
import type { Figure } from './figure'

const KILLS = 200
const KILLS_OF_TWO = 20
const KILLS_WITHOUT_REDIS = 5
/** Each run begins with an empty folder, and ends when the cloud has all. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]
const STORE = { module: join(__dirname, '..', '..', 'src', 'lib', 'store', 'embedded', 'embedded-store'), name: 'openEmbedded' }

export const killFigures = async (): Promise<Figure[]> => [...(await oneProcess()), ...(await twoProcesses())]

async function oneProcess(): Promise<Figure[]> {
  const results: KillResult[] = []
  for (const seed of SEEDS) results.push(await killAgainAndAgain({ kills: KILLS / SEEDS.length, seed, store: STORE }))
  const sum = (count: (result: KillResult) => number): number => results.reduce((total, result) => total + count(result), 0)
  return [
    { what: 'kills', value: KILLS, unit: '' },
    { what: 'readings accepted', value: sum(({ accepted }) => accepted.length), unit: '', least: KILLS },
    { what: 'accepted and never delivered', value: sum(({ lost }) => lost.length), unit: '', most: 0 },
    { what: 'sent again after an answer', value: sum(({ doubled }) => doubled.length), unit: '', most: 0 },
    { what: 'sent again because they were not taken, or no answer had come', value: sum(({ repeated }) => repeated), unit: '' },
    { what: 'runs with a reading out of order', value: sum(({ ordered }) => (ordered ? 0 : 1)), unit: `of ${SEEDS.length}`, most: 0 },
    { what: 'processes that complained', value: sum(({ complaints }) => (complaints === '' ? 0 : 1)), unit: '', most: 0 },
    { what: 'requests', value: sum(({ requests }) => requests), unit: '' },
  ]
}

/** One of two processes with one outbox in Redis dies for good, another takes its place, and so on. */
async function twoProcesses(): Promise<Figure[]> {
  const title = 'two processes on one Redis'
  const { accepted, complaints, inherited, left, ordered } = await killOneOfTwo({ kills: KILLS_OF_TWO, seed: 11 })
  const away = await killOneOfTwo({ kills: KILLS_WITHOUT_REDIS, seed: 12, redisAway: true })
  return [
    { what: `${title}: kills`, value: KILLS_OF_TWO, unit: '' },
    { what: `${title}: readings accepted`, value: accepted, unit: '' },
    { what: `${title}: of those that died, sent by the other`, value: inherited, unit: '', least: 1 },
    { what: `${title}: accepted and never delivered`, value: left.length, unit: '', most: 0 },
    { what: `${title}: out of order or complained`, value: Number(!ordered) + Number(complaints !== ''), unit: '', most: 0 },
    { what: `${title}, which is away when one dies: kills`, value: KILLS_WITHOUT_REDIS, unit: '' },
    { what: `${title}, which is away when one dies: in folders of the dead alone`, value: away.left.length, unit: '', least: 1 },
    { what: `${title}, which is away when one dies: never delivered, with those folders in use again`, value: away.lost.length, unit: '', most: 0 },
    { what: `${title}, which is away when one dies: out of order or complained`, value: Number(!away.ordered) + Number(away.complaints !== ''), unit: '', most: 0 },
  ]
}
