import type { Exchange } from './exchange'
import { sensocanExchanges } from './sensocan'
import { senquipExchanges, senquipV1Exchanges } from './senquip'
import { sensoristExchanges } from './sensorist'
import { thingseeExchanges } from './thingsee'

/** The exchanges of all vendors' texts. */
export const knownExchanges: readonly Exchange[] = [...senquipExchanges, ...senquipV1Exchanges, ...sensocanExchanges, ...thingseeExchanges, ...sensoristExchanges]
