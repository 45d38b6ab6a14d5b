/** Alarms and alerts of the simulated accounts, so that the list is not empty and something happens in it. */
import type { Simulator } from '../test/simulator'
import { signal } from '../test/simulator/signal'

const USER = 14886
/** Ms between two looks at the alarms. */
const CHECK = 5000
/** Ms until the first events: the nodes know the names of the places by then. */
const FIRST = 6000

/** @returns what stops the checks */
export function watchAlarms({ state: { sensorist, thingsee } }: Simulator): () => void {
  const temperature = (source: number): number => signal(`sensorist/${source}`, 'temperature', Date.now())
  const add = (id: number, dataSource: number, direction: 'above' | 'below', value: number): void => {
    sensorist.alarms.set(id, { id, owner: USER, dataSource, value, direction, delay: 0, state: 'normal' })
  }
  for (const thing of thingsee.things.values()) thing.alerts = []
  let timer = setTimeout(() => {
    // The first alarm stays for as long as the demo runs; the second one comes and goes with the drift of the temperature.
    add(501, 220208, 'above', 8)
    add(502, 220200, 'above', Math.round(temperature(220200) * 10 + 4) / 10)
    thingsee.things.get('TSLK01SIM00000007')?.alerts.push({ type: 'heartbeat missed', from: Date.now(), to: null })
    void sensorist.evaluateAlarms()
    timer = setInterval(() => void sensorist.evaluateAlarms(), CHECK)
  }, FIRST)
  return () => clearTimeout(timer)
}
