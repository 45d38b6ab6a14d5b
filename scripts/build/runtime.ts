/**
 * All that Node-RED runs, as one CommonJS file: one file loads several times faster than hundreds.
 *
 * Functions, classes and what stands outside of them keep their names, and lines stay short. So a stack trace shows the
 * names of the sources. A source map would double the download, and Node.js uses one only with --enable-source-maps.
 */
import { build, type Plugin } from 'esbuild'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { copyLuaFiles } from './lua'
import { ROOT, RUNTIME } from './paths'

/**
 * Packages that the bundle requires when it first uses one of their exports, so that an unused node loads none of them.
 * Each has the file that is required. That of axios lacks axios' own adapter for Node.js, in whose place stands ours.
 * The adapter would cost 8 MB of memory with what it imports.
 */
const LOADED_ON_USE: Readonly<Record<string, string>> = {
  axios: 'axios/dist/browser/axios.cjs',
  hpagent: 'hpagent',
  'proxy-from-env': 'proxy-from-env',
}

/** Its source says itself when it is imported. */
const EXTERNAL = ['ioredis']

const requireFromRoot = createRequire(join(ROOT, 'package.json'))

/** A module with the same exports as the package. Each is a getter that requires the package's file. */
function moduleOf(name: string): string {
  const file = LOADED_ON_USE[name] ?? name
  const getters = Object.keys(requireFromRoot(file) as object)
    .filter((key) => key !== '__esModule')
    .map((key) => `get ${JSON.stringify(key)}() { return require('package:${file}')[${JSON.stringify(key)}] }`)
  return `module.exports = { __esModule: true, ${getters.join(', ')} }`
}

const loadOnUse: Plugin = {
  name: 'load on use',
  setup({ onResolve, onLoad }) {
    const ours = new RegExp(`^(${Object.keys(LOADED_ON_USE).join('|')})$`)
    onResolve({ filter: ours }, ({ path }) => ({ path, namespace: 'on-use' }))
    onLoad({ filter: ours, namespace: 'on-use' }, ({ path }) => ({ contents: moduleOf(path), loader: 'js' }))
    onResolve({ filter: /^package:/ }, ({ path }) => ({ path: path.slice('package:'.length), external: true }))
  },
}

/** Writes the bundle. Its folder is as deep as that of the sources that read files relative to their own place. */
export async function writeRuntime(): Promise<void> {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(ROOT, 'src', 'nodes', 'entries.ts')],
    outfile: join(RUNTIME, 'index.js'),
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: EXTERNAL,
    plugins: [loadOnUse],
    minifySyntax: true,
    write: false,
    legalComments: 'none',
    logLevel: 'warning',
  })
  mkdirSync(RUNTIME, { recursive: true })
  for (const { path, text } of outputFiles) writeFileSync(path, await minified(text))
  copyLuaFiles(RUNTIME)
  writeFileSync(join(RUNTIME, 'LICENSES.md'), licensesOf(Object.keys(metafile.inputs)))
}

/** Only inside of functions do names become short. esbuild could keep the others with a call for each, which costs memory. */
async function minified(text: string): Promise<string> {
  const { minify } = await import('terser')
  const { code = '' } = await minify(text, { compress: false, mangle: { keep_fnames: true, keep_classnames: true }, ecma: 2020, format: { max_line_len: 160 } })
  return code
}

/** The licenses of the packages in the bundle, which demand to be passed on. @param files from the package's root */
function licensesOf(files: readonly string[]): string {
  const packages = new Set(files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []))
  return [...packages].map((name) => `# ${name}\n\n${readFileSync(join(ROOT, 'node_modules', name, 'LICENSE.md'), 'utf8')}`).join('\n')
}
