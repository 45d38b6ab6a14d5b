/**
 * The keys of Thingsee's answers that no schema names: those of errors, and the properties of messages [H2, H3]. The
 * catalogue names the properties that have a unit or a quantity.
 */
import { CATALOGUE, PROPERTIES } from './catalogue'

/** The envelope, and the errors of the cloud and of its gateway [H0, H4]. */
const ENVELOPE = ['data', 'statusCode', 'error', 'message']

/** Parts of a message that tell several of one kind apart, and what commands hold [H2]. */
const PARTS = [
  'tuid', 'wpnode', 'btid', 'index', 'status', 'transactionId', 'state', 'count', 'total', 'level', 'min', 'max',
  'measurementInterval', 'reportInterval', 'lat', 'lon', 'version', 'group_description', 'dist',
]

const measuredIn = Object.values(CATALOGUE).flatMap(({ measures = {} }) => Object.keys(measures))

export const ANSWER_KEYS: readonly string[] = [
  ...new Set([
    ...ENVELOPE,
    ...PARTS,
    ...Object.keys(PROPERTIES),
    ...measuredIn,
  ]),
]
