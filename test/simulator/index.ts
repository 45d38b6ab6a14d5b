import { FaultBox } from './faults'
import type { LoggedRequest, Simulator, SimulatorCredentials, SimulatorOptions, SimulatorState, VendorContext } from './interface'
import { createMeters, documentedLimits } from './limits'
import type { Meters, MeterName, Peak } from './limits'
import { createSenquip, senquipCredentials } from './senquip'
import { createSenquipV1, senquipV1Credentials } from './senquip-v1'
import { createSensocan, sensocanCredentials } from './sensocan'
import { createSensorist, sensoristCredentials } from './sensorist'
import type { Mount } from './server'
import { listen } from './server'
import { createThingsee, thingseeCredentials } from './thingsee'

export { selfSignedPair } from './tls/self-signed'
export { senquipDevice } from './senquip'
export { thingOf } from './thingsee'
export type * from './interface'
export type { Fault, Faults } from './faults'
export type { Limits, MeterName, Peak } from './limits'
export type { VendorId } from './request'
export type * from './senquip'
export type * from './senquip-v1'
export type * from './sensocan'
export type * from './thingsee'
export type * from './sensorist'

const PREFIXES = {
  senquip: '/senquip/v2',
  senquipV1: '/senquip/v1',
  sensocan: '/sensocan/api/v1',
  thingsee: '/thingsee/prod/v1',
  sensorist: '/sensorist/v1',
}

function createContext(options: SimulatorOptions, meters: Meters, closing: AbortSignal): VendorContext {
  const now = options.now ?? Date.now
  return {
    now,
    startedAt: now(),
    interval: (options.interval ?? 900) * 1000,
    limits: { ...documentedLimits, ...options.limits },
    meters,
    tokenLifetime: options.tokenLifetime,
    maxAge: options.maxAge ?? 900,
    secure: options.tls !== undefined,
    certificate: options.tls?.cert,
    closing,
  }
}

function createVendors(context: VendorContext, options: SimulatorOptions): { mounts: Mount[]; state: SimulatorState } {
  const senquip = createSenquip(context, options.senquip)
  const senquipV1 = createSenquipV1(context, options.senquipV1)
  const sensocan = createSensocan(context, options.sensocan)
  const thingsee = createThingsee(context, options.thingsee)
  const sensorist = createSensorist(context, options.sensorist)
  return {
    mounts: [
      { vendor: 'senquip', prefix: PREFIXES.senquip, handle: senquip.handle },
      { vendor: 'senquip-v1', prefix: PREFIXES.senquipV1, handle: senquipV1.handle },
      { vendor: 'sensocan', prefix: PREFIXES.sensocan, handle: sensocan.handle },
      { vendor: 'thingsee', prefix: PREFIXES.thingsee, handle: thingsee.handle },
      { vendor: 'sensorist', prefix: PREFIXES.sensorist, handle: sensorist.handle },
    ],
    state: { senquip: senquip.state, senquipV1: senquipV1.state, sensocan: sensocan.state, thingsee: thingsee.state, sensorist: sensorist.state },
  }
}

function peaksOf(meters: Meters): Record<MeterName, Peak> {
  return Object.fromEntries(Object.entries(meters).map(([name, meter]) => [name, meter.peak])) as Record<MeterName, Peak>
}

const credentials = (): SimulatorCredentials => ({
  senquip: { ...senquipCredentials },
  senquipV1: { ...senquipV1Credentials },
  sensocan: { ...sensocanCredentials },
  thingsee: { ...thingseeCredentials },
  sensorist: { ...sensoristCredentials },
})

/** All five vendors on one loopback socket. Several simulators may run side by side. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const closing = new AbortController()
  const meters = createMeters()
  const context = createContext(options, meters, closing.signal)
  const { mounts, state } = createVendors(context, options)
  const faults = new FaultBox()
  const requests: LoggedRequest[] = []
  const listener = await listen({ mounts, faults, requests, logSize: options.logSize ?? 10_000, now: context.now, closing }, options)
  const origin = `${options.tls ? 'https' : 'http'}://127.0.0.1:${listener.port}`
  return {
    port: listener.port,
    origin,
    urls: {
      senquip: origin + PREFIXES.senquip,
      senquipV1: { token: `${origin}${PREFIXES.senquipV1}/token`, endpoint: origin + PREFIXES.senquipV1 },
      sensocan: origin + PREFIXES.sensocan,
      thingsee: `${origin}${PREFIXES.thingsee}/`,
      sensorist: origin + PREFIXES.sensorist,
    },
    credentials: credentials(),
    state,
    limits: context.limits,
    requests,
    faults,
    peak: peaksOf(meters),
    connections: () => listener.connections(),
    close: () => listener.close(),
  }
}
