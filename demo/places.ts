/** Names and temperatures of the demo's places: a cold room is cold. */
import type { Simulator } from '../test/simulator'
import { curves, ownCurves } from '../test/simulator/signal'

/** Mean temperature in °C by the simulator's name of the sensor. The fridge stands open for as long as the demo runs. */
const TEMPERATURES: Readonly<Record<string, number>> = {
  JDA54E19F: 4.6,
  SIMHOST04: 26,
  TSPD04SIM00000001: 21.5,
  TSAR02SIM00000005: 23.5,
  'sensorist/220200': 15,
  'sensorist/220204': 16,
  'sensorist/220208': 10.5,
}

/** Thingsee's name of a place is the description of the group that the thing is in. */
const GROUPS: Readonly<Record<string, string>> = {
  TSPD04SIM00000001: 'Office',
  TSAR02SIM00000005: 'Meeting room',
  TSLK01SIM00000007: 'Boiler room',
}

export function arrangePlaces({ state: { thingsee } }: Simulator): void {
  for (const [sensor, mean] of Object.entries(TEMPERATURES)) ownCurves.set(`${sensor}/temperature`, { ...curves.temperature, mean, swing: 1, noise: 1 })
  for (const [tuid, description] of Object.entries(GROUPS)) {
    const thing = thingsee.things.get(tuid)
    if (!thing) continue
    thing.groupId = `demo-${tuid.toLowerCase()}`
    thingsee.groups.set(thing.groupId, description)
  }
}
