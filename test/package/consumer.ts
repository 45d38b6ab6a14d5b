/** A program that has the packed package as a dependency, made without a network. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { run } from './command'
import { ROOT } from './installation'

export interface Consumer {
  /** The program's folder. */
  folder: string
  tarball: string
  /** The package in its node_modules. */
  installed: string
  remove(): Promise<void>
}

/** Packs what is built. The folder lies in this checkout, whose node_modules has what the package depends on. */
export async function makeConsumer(): Promise<Consumer> {
  await mkdir(join(ROOT, '.tmp'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.tmp', 'consumer-'))
  const installed = join(folder, 'node_modules', 'node-red-contrib-sensor-clouds')
  await mkdir(installed, { recursive: true })
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, timeout: 60_000 })
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'))
  if (name === undefined) throw new Error('npm pack made no tarball')
  const tarball = join(folder, name)
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], { cwd: folder, timeout: 30_000 })
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n')
  return { folder, tarball, installed, remove: () => rm(folder, { recursive: true, force: true }) }
}

const RESOLUTIONS = {
  node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
} as const

export type Resolution = keyof typeof RESOLUTIONS

/**
 * Compiles files strictly, and checks the types of the package with them.
 * @returns the errors of each file, each as its line and what is wrong
 */
export function compile(folder: string, files: readonly string[], resolution: Resolution): Record<string, string[]> {
  const options: ts.CompilerOptions = { ...RESOLUTIONS[resolution], target: ts.ScriptTarget.ES2022, strict: true, exactOptionalPropertyTypes: true, types: ['node'], typeRoots: [join(ROOT, 'node_modules', '@types')] }
  const program = ts.createProgram(files.map((file) => join(folder, file)), options)
  // Not those of Node.js and TypeScript itself: to check them takes most of the time. To emit all files at once checks them too.
  const sources = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder))
  for (const source of sources) if (!source.isDeclarationFile) program.emit(source)
  const errors = sources.map((source) => [source.fileName.slice(folder.length + 1), errorsIn(program, source)] as const)
  return Object.fromEntries(errors.filter(([, found]) => found.length > 0))
}

const errorsIn = (program: ts.Program, source: ts.SourceFile): string[] =>
  [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ start = 0, messageText }) => `${source.getLineAndCharacterOfPosition(start).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  )
