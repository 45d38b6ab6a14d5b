/** Alarms of the simulated Sensorist account, so that the list is not empty and something happens in it. */
import type { Simulator } from '../test/simulator'
import { signal } from '../test/simulator/signal'

const USER = 14886
const CHECK = 5000

/** @returns what stops the checks */
export function watchAlarms({ state }: Simulator): () => void {
  const { sensorist } = state
  const temperature = (source: number): number => signal(`sensorist/${source}`, 'temperature', Date.now())
  const add = (id: number, dataSource: number, direction: 'above' | 'below', value: number): void => {
    sensorist.alarms.set(id, { id, owner: USER, dataSource, value, direction, delay: 0, state: 'normal' })
  }
  // The fridge stands open for as long as the demo runs; the second one comes and goes; the third one never comes.
  add(501, 220208, 'above', 8)
  add(502, 220200, 'above', Math.round(temperature(220200) * 10) / 10)
  add(503, 220201, 'above', 90)
  const timer = setInterval(() => void sensorist.evaluateAlarms(), CHECK)
  return () => clearInterval(timer)
}
