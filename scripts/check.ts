/** `npm run check`: the rules of the house, whether everything generated is fresh, and every text translated. Builds nothing, changes nothing. */
import { stale } from './check/fresh'
import { rules } from './check/rules'
import { readSources } from './check/sources'
import { untranslated } from './check/translations'

async function main(): Promise<void> {
  const sources = readSources()
  const findings = [...Object.values(rules).flatMap((rule) => rule(sources)), ...(await stale()), ...untranslated()]
  for (const finding of findings) console.error(finding)
  console.log(`${sources.length} files, ${Object.keys(rules).length} rules, ${findings.length} findings`)
  process.exitCode = findings.length === 0 ? 0 : 1
}

void main()
