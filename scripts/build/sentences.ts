/** The sentences of the sources, for those who translate them and for the catalogs of the forms. */
import { relative, sep } from 'node:path'
import ts from 'typescript'
import { sentenceKey } from '../../src/nodes/editor/descriptor'
import { importsOf, nodesOf, once, parse, readSources, type Source } from '../check/sources'
import { ROOT } from './paths'

/** Properties whose texts stand in sentences too, such as what a field must be like. */
const QUOTED = new Set(['label', 'help', 'patternHint', 'what'])

let read: readonly Source[] | undefined
const sources = (): readonly Source[] => (read ??= readSources().filter(({ path }) => path.startsWith('src/')))

/** All sentences of the runtime, each once, in the order of the files: templates with places `__1__`, `__2__` …, and quoted texts. */
export function sentences(): string[] {
  const quoted = sources().filter(({ path }) => path.startsWith('src/lib/')).flatMap(quotedIn)
  return [...new Set([...sources().flatMap(templatesIn), ...quoted])].filter(isSaid)
}

/** Has words, or several places: languages put other marks between them. */
const isSaid = (text: string): boolean => /[a-z]/i.test(text.replace(/__\d+__/g, '')) || text.includes('__2__')

/** The templates of one source. */
export const templatesIn = once((source) =>
  nodesOf(parse(source)).flatMap((node) =>
    ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'sentence' ? [templateOf(node.template)] : [],
  ),
)

/** As the tag itself makes it. */
function templateOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text
  return template.head.text + template.templateSpans.map(({ literal }, index) => `__${index + 1}__${literal.text}`).join('')
}

function quotedIn(source: Source): string[] {
  return nodesOf(parse(source)).flatMap((node) => {
    if (!ts.isPropertyAssignment(node) || !QUOTED.has(node.name.getText())) return []
    const { initializer } = node
    if (ts.isStringLiteralLike(initializer)) return [initializer.text]
    return ts.isIdentifier(initializer) ? constantsNamed(initializer.text) : []
  })
}

let constants: ReadonlyMap<string, readonly string[]> | undefined

/** The texts of all constants with this name. */
const constantsNamed = (name: string): readonly string[] => (constants ??= readConstants()).get(name) ?? []

function readConstants(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const node of sources().flatMap((source) => nodesOf(parse(source)))) {
    if (!ts.isVariableDeclaration(node) || !node.initializer || !ts.isStringLiteralLike(node.initializer)) continue
    const name = node.name.getText()
    found.set(name, [...(found.get(name) ?? []), node.initializer.text])
  }
  return found
}

/**
 * The sentences of a form, by the keys of its catalog.
 * @param entries files that its bundle begins with
 * @throws Error for an entry that does not exist
 */
export function formSentences(...entries: readonly (string | undefined)[]): Record<string, string> {
  const templates = modulesOf(entries).flatMap(templatesIn)
  return Object.fromEntries(templates.map((template) => [sentenceKey(template), template]))
}

/**
 * The keys of `form` that scripts ask the catalog for, or what those begin with whose end is only known in the browser.
 * @throws Error for an entry that does not exist
 */
export const formKeys = (...entries: readonly string[]): string[] => modulesOf(entries).flatMap(formKeysIn)

const formKeysIn = once((source) =>
  nodesOf(parse(source)).flatMap((node) =>
    (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && node.text.startsWith('form.') ? [node.text] : [],
  ),
)

/** The entries with all modules that they load. */
function modulesOf(entries: readonly (string | undefined)[]): Source[] {
  const modules = new Map<string, Source>()
  for (const entry of entries) {
    if (entry === undefined) continue
    const module = relative(ROOT, entry).split(sep).join('/').replace(/\.ts$/, '')
    addModules(modules, module)
    if (!modules.has(module)) throw new Error(`there is no ${module}.ts, whose sentences a form needs`)
  }
  return [...modules.values()]
}

/** A module with all that it loads. */
function addModules(found: Map<string, Source>, module: string): void {
  const source = sources().find(({ path }) => path === `${module}.ts`)
  if (!source || found.has(module)) return
  found.set(module, source)
  for (const { module: other, typeOnly } of importsOf(source)) if (!typeOnly) addModules(found, other)
}
