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

/** Compiles a file strictly, also the types of the package. @returns its errors, each with its line */
export function compile(file: string, resolution: Resolution): string[] {
  const options: ts.CompilerOptions = { ...RESOLUTIONS[resolution], target: ts.ScriptTarget.ES2022, strict: true, exactOptionalPropertyTypes: true, types: ['node'], typeRoots: [join(ROOT, 'node_modules', '@types')] }
  const program = ts.createProgram([file], options)
  const errors = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics]
  return errors.map(({ file: source, start = 0, messageText }) => `${source ? source.getLineAndCharacterOfPosition(start).line + 1 : 0}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}
