/**
 * `npm run sbom`: writes sbom.cdx.json, the list of all packages that reach users (CycloneDX): those that npm installs
 * with this one, and those in its bundle. Needs a build. In this folder `npm sbom` would miss packages that
 * developers need too, so it runs in a folder of its own, without those for developers.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import manifest from '../package.json'

const ROOT = join(__dirname, '..')

/** Packages in the bundle, whose licenses stand beside it under a heading each. */
const bundled = (): string[] =>
  [...readFileSync(join(ROOT, 'dist', 'nodes', 'runtime', 'LICENSES.md'), 'utf8').matchAll(/^# (.+)$/gm)].map(([, name = '']) => name)

/** What users get, as dependencies with their ranges. */
export function shipped(names: readonly string[], { dependencies, devDependencies }: { dependencies: Record<string, string>; devDependencies: Record<string, string> } = manifest): Record<string, string> {
  const inBundle = Object.entries(devDependencies).filter(([name]) => names.includes(name))
  return { ...dependencies, ...Object.fromEntries(inBundle) }
}

/** The list as JSON. npm names the package by its folder. */
export function componentList(): string {
  const folder = join(ROOT, '.tmp', 'sbom', basename(manifest.name))
  const npm = (...args: string[]): string => execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, dependencies: shipped(bundled()), devDependencies: {}, scripts: {} }))
    cpSync(join(ROOT, 'package-lock.json'), join(folder, 'package-lock.json'))
    npm('install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund')
    return npm('sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'library', '--package-lock-only', '--omit', 'peer')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (require.main === module) writeFileSync(join(ROOT, 'sbom.cdx.json'), componentList())
