/**
 * Writes what programs import: a file that takes the library from the bundle of the nodes, and its types as one file.
 * Two bundles would double the download, and a program that embeds Node-RED would not share limits with its flows.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { GENERATED } from './html'
import { LIBRARY, ROOT } from './paths'
import { writeVendorTypes } from './vendor-types'

const ENTRY = join(ROOT, 'src', 'lib', 'index.ts')

export function writeLibrary(): void {
  writeVendorTypes()
  mkdirSync(LIBRARY, { recursive: true })
  const { names, types } = declarationsOf(ENTRY)
  // In this form Node.js finds the names for `import { … }` without running the file.
  const exports = names.map((name) => `exports.${name} = library.${name}\n`)
  writeFileSync(join(LIBRARY, 'index.js'), `// ${GENERATED}\nconst { library } = require('../nodes/runtime')\n${exports.join('')}`)
  writeFileSync(join(LIBRARY, 'index.d.ts'), `// ${GENERATED}\n${types}`)
}

interface Declarations {
  /** Of the values. */
  names: string[]
  types: string
}

/** The declarations of a module, with those that it exports of other modules. */
function declarationsOf(path: string): Declarations {
  const tree = treeOf(path)
  const names: string[] = []
  const texts: string[] = []
  for (const statement of tree.statements) {
    if (ts.isExportDeclaration(statement)) texts.push(...exportedNames(statement).map((name) => typeNamed(name, moduleOf(path, statement))))
    if (ts.isFunctionDeclaration(statement) && statement.name) {
      names.push(statement.name.text)
      texts.push(`${textUpTo(statement, statement.body?.getFullStart())}\n`.replace('export function', 'export declare function'))
    }
    if (ts.isVariableStatement(statement)) {
      const [declaration] = statement.declarationList.declarations
      names.push(declaration?.name.getText() ?? '')
      texts.push(`${textUpTo(statement, declaration?.type?.end)}\n`.replace('export const', 'export declare const'))
    }
    if (isType(statement)) texts.push(textUpTo(statement))
  }
  return { names: names.sort(), types: texts.join('') }
}

/** The declaration of a type, wherever the module has it from. */
function typeNamed(name: string, path: string): string {
  for (const statement of treeOf(path).statements) {
    if (isType(statement) && statement.name.text === name) return `\n${textUpTo(statement).trimStart()}`
    if (ts.isExportDeclaration(statement) && exportedNames(statement).includes(name)) return typeNamed(name, moduleOf(path, statement))
  }
  throw new Error(`${path} has no interface or type ${name}`)
}

const isType = (statement: ts.Statement): statement is ts.InterfaceDeclaration | ts.TypeAliasDeclaration => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)

const treeOf = (path: string): ts.SourceFile => ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true)

const exportedNames = ({ exportClause }: ts.ExportDeclaration): string[] =>
  exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : []

const moduleOf = (path: string, { moduleSpecifier }: ts.ExportDeclaration): string =>
  moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? `${join(dirname(path), moduleSpecifier.text)}.ts` : path

/** A statement as it is written, with the comment before it. */
function textUpTo(statement: ts.Statement, end = statement.end): string {
  const text = statement.getSourceFile().text
  const [first] = ts.getJSDocCommentsAndTags(statement)
  return `\n${text.slice(first?.getStart() ?? statement.getStart(), end)}\n`
}
