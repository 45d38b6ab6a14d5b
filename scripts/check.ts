/**
 * `npm run check`: the rules of the house and of the workflows, whether everything generated is fresh, whether everything has evidence, and whether translations are sound.
 * Texts without a translation are counted; only `npm run check -- --release` fails for them, and for placeholders. Builds nothing, changes nothing.
 */
import { knownVendors } from '../src/nodes/runtime/node-types'
import { wrongEvidence } from './check/evidence'
import { stale } from './check/fresh'
import { openPlaceholders } from './check/placeholders'
import { rules } from './check/rules'
import { readSources } from './check/sources'
import { checkTranslations } from './check/translations'
import { lintedWorkflows, readWorkflows, wrongWorkflows } from './check/workflows'

async function main(): Promise<void> {
  const sources = readSources()
  const { faults, gaps } = checkTranslations()
  const workflows = readWorkflows()
  const release = process.argv.includes('--release')
  const findings = [...Object.values(rules).flatMap((rule) => rule(sources)), ...(await stale()), ...wrongEvidence(knownVendors), ...wrongWorkflows(workflows), ...(await lintedWorkflows(workflows)), ...faults, ...(release ? [...gaps, ...openPlaceholders()] : [])]
  if (!release) for (const gap of gaps) console.log(gap)
  for (const finding of findings) console.error(finding)
  console.log(`${sources.length} files, ${Object.keys(rules).length} rules, ${findings.length} findings`)
  process.exitCode = findings.length === 0 ? 0 : 1
}

void main()
