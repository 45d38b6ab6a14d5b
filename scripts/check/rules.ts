/** The rules of the house: each gives a sentence for each place that breaks it. */
import { vendors } from '../../src/lib/vendors'
import { libKnowsNoNodeRed, simulatorStandsAlone, vendorsStandAlone } from './imports'
import { foldersAreSmall, importsMakeNoCircle, offersAreTaken, roomsKeepTheirOrder } from './rooms'
import type { Source } from './sources'
import { filesAreShort, filesAreNoCrumbs, namesSayWhat, nodesNameNoVendor, nothingIsSuppressed, testsEndByThemselves } from './words'

export type Rule = (sources: readonly Source[]) => string[]

export const rules = {
  'a vendor imports no other vendor': vendorsStandAlone,
  'rooms import downwards, and only what is offered': roomsKeepTheirOrder(),
  'what a room offers is used': offersAreTaken(),
  'imports make no circle': importsMakeNoCircle,
  'a folder has at most 15 files': foldersAreSmall,
  'lib imports nothing of Node-RED': libKnowsNoNodeRed,
  'the simulator imports nothing of src': simulatorStandsAlone,
  'nodes name no vendor': nodesNameNoVendor(Object.keys(vendors)),
  'a file has at most 300 lines': filesAreShort,
  'a file has at least 25 lines, or a reason': filesAreNoCrumbs,
  'nothing is suppressed': nothingIsSuppressed,
  'names say what a file is about': namesSayWhat,
  'tests end by themselves': testsEndByThemselves,
} as const satisfies Record<string, Rule>
