/** The rules of the house: each gives a sentence for each place that breaks it. */
import { vendors } from '../../src/lib/vendors'
import { clientKnowsNoVendor, libKnowsNoNodeRed, simulatorStandsAlone, vendorsStandAlone, vocabularyIsBelow } from './imports'
import type { Source } from './sources'
import { filesAreShort, namesSayWhat, nodesNameNoVendor, nothingIsSuppressed, testsEndByThemselves } from './words'

export type Rule = (sources: readonly Source[]) => string[]

export const rules = {
  'a vendor imports neither another vendor nor the client': vendorsStandAlone,
  'the client imports no vendor': clientKnowsNoVendor,
  'the vocabulary imports neither client nor vendors': vocabularyIsBelow,
  'lib imports nothing of Node-RED': libKnowsNoNodeRed,
  'the simulator imports nothing of src': simulatorStandsAlone,
  'nodes name no vendor': nodesNameNoVendor(Object.keys(vendors)),
  'a file has at most 300 lines': filesAreShort,
  'nothing is suppressed': nothingIsSuppressed,
  'names say what a file is about': namesSayWhat,
  'tests end by themselves': testsEndByThemselves,
} as const satisfies Record<string, Rule>
