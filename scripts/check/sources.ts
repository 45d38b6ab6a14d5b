/** The package's own TypeScript files, as the rules of the house read them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import ts from 'typescript'

export interface Source {
  /** From the package's root, with forward slashes. */
  path: string
  text: string
}

export const ROOT = join(__dirname, '..', '..')
const FOLDERS = ['src', 'scripts', 'test', 'demo']

let all: readonly Source[] | undefined

/** Reads each file once in a process, so that `parse` knows a source again. */
export function readSources(): readonly Source[] {
  all ??= FOLDERS.flatMap((folder) => typescriptIn(ROOT, folder)).sort((one, other) => (one.path < other.path ? -1 : 1))
  return all
}

function typescriptIn(root: string, folder: string): Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: file.slice(root.length + 1).split(sep).join('/'), text: readFileSync(file, 'utf8') }))
}

/** Each source is parsed once: many rules and texts are read from it. */
const parsed = new WeakMap<Source, ts.SourceFile>()

/** The syntax tree of a source; nodes know their parents. */
export function parse(source: Source): ts.SourceFile {
  const tree = parsed.get(source) ?? ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2022, true)
  parsed.set(source, tree)
  return tree
}

/** Every node of a tree, in the order of the text. */
export function nodesOf(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (one: ts.Node): void => {
    nodes.push(one)
    ts.forEachChild(one, visit)
  }
  visit(node)
  return nodes
}

/** `path:line`, as editors open it. */
export function placeOf(source: Source, tree: ts.SourceFile, node: ts.Node): string {
  return `${source.path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`
}

export interface Import {
  /** A path from the package's root without extension, or the name of a module. */
  module: string
  /** The name of each thing taken; empty for a module that is taken whole. */
  names: readonly string[]
  typeOnly: boolean
  place: string
}

/** Several rules ask for the imports of each source. */
const imported = new WeakMap<Source, readonly Import[]>()

/** What a source imports, in whatever form: import, export from, import(), require(), a type's import(). */
export function importsOf(source: Source): readonly Import[] {
  const imports = imported.get(source) ?? readImports(source)
  imported.set(source, imports)
  return imports
}

function readImports(source: Source): Import[] {
  const tree = parse(source)
  return nodesOf(tree).flatMap((node) => {
    const found = importAt(node)
    if (!found) return []
    const { specifier, names, typeOnly } = found
    return [{ module: resolve(source.path, specifier), names, typeOnly, place: placeOf(source, tree, node) }]
  })
}

interface Found {
  specifier: string
  names: readonly string[]
  typeOnly: boolean
}

function importAt(node: ts.Node): Found | undefined {
  if (ts.isImportDeclaration(node)) {
    const { importClause } = node
    const bindings = importClause?.namedBindings
    const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.map((element) => (element.propertyName ?? element.name).text) : []
    const whole = importClause?.name !== undefined || (bindings !== undefined && ts.isNamespaceImport(bindings))
    const typeOnly = importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return textOf(node.moduleSpecifier, { names: whole ? [] : named, typeOnly })
  }
  if (ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier, { names: [], typeOnly: node.isTypeOnly })
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return textOf(node.argument.literal, { names: [], typeOnly: true })
  if (ts.isCallExpression(node) && isLoad(node.expression)) return textOf(node.arguments[0], { names: [], typeOnly: false })
  return undefined
}

const isLoad = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')

const textOf = (node: ts.Node | undefined, rest: Omit<Found, 'specifier'>): Found | undefined =>
  node && ts.isStringLiteralLike(node) ? { specifier: node.text, ...rest } : undefined

/** Only import() names a file with its extension. */
const resolve = (path: string, specifier: string): string =>
  specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, '') : specifier
