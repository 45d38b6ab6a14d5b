/** Rules on what stands in a file, and what a file is called. */
import ts from 'typescript'
import { nodesOf, parse, placeOf, type Source } from './sources'

/** A sample of a message shows that of one vendor. */
const SAMPLES = 'src/nodes/admin/help/help-samples.ts'

const inNodes = ({ path }: Source): boolean => path.startsWith('src/nodes/') && path !== SAMPLES
const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The word of a literal or a name; comments have none, so they may give examples. */
const wordOf = (node: ts.Node): string | undefined =>
  ts.isStringLiteralLike(node) || ts.isIdentifier(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
    ? node.text
    : undefined

/** Nodes serve any vendor: no literal or name has a vendor's id in it, and nothing branches on the vendor. */
export const nodesNameNoVendor =
  (vendorIds: readonly string[]) =>
  (sources: readonly Source[]): string[] =>
    sources.filter(inNodes).flatMap((source) => {
      const tree = parse(source)
      return [...nodesOf(tree)].flatMap((node) => {
        const word = plain(wordOf(node) ?? '')
        const named = vendorIds.find((id) => word.includes(plain(id)))
        if (named !== undefined) return [`${placeOf(source, tree, node)} names the vendor ${named}`]
        if (ts.isSwitchStatement(node) && /vendor/i.test(node.expression.getText(tree)))
          return [`${placeOf(source, tree, node)} branches on the vendor`]
        return []
      })
    })

const LONGEST = 300

/** Lines that say something: neither blank nor only a comment, as the linter counts them. */
const linesOf = (text: string): number => text.split('\n').filter((line) => !/^\s*(\/\/.*|\/?\*.*)?$/.test(line)).length

export const filesAreShort = (sources: readonly Source[]): string[] =>
  sources
    .map(({ path, text }) => ({ path, lines: linesOf(text) }))
    .filter(({ lines }) => lines > LONGEST)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${LONGEST}: split it`)

const SHORTEST = 25

/** Files that may be shorter, and why. */
const SHORT: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/\/operations\//, 'an operation is a file'],
  [/\/form\//, 'every form has the same files'],
  [/\/migrations\//, 'a migration is a file'],
  [/\/vendors\/\w+\/hardware\.ts$/, 'every vendor has one'],
  [/^src\/lib\/vendors\/index\.ts$/, 'it is generated'],
]

/** Following a value through many files of a few lines each takes longer than reading one of a page. */
export const filesAreNoCrumbs = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ path }) => path.startsWith('src/') && !SHORT.some(([pattern]) => pattern.test(path)))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines < SHORTEST)
    .map(({ path, lines }) => `${path} has ${lines} lines: join it with what it belongs to`)

const SUPPRESSION = /@ts-(?:ignore|expect-error|nocheck)|eslint-disable/

/** The comments of a file; what looks like one inside a text is none. */
function commentsOf(tree: ts.SourceFile): string[] {
  const { text } = tree
  const found = new Map<number, string>()
  for (const node of nodesOf(tree))
    for (const at of [node.getFullStart(), node.end])
      for (const { pos, end } of [...(ts.getLeadingCommentRanges(text, at) ?? []), ...(ts.getTrailingCommentRanges(text, at) ?? [])])
        found.set(pos, text.slice(pos, end))
  return [...found.values()]
}

/** No checker is silenced, and nothing is `any`. */
export const nothingIsSuppressed = (sources: readonly Source[]): string[] =>
  sources.flatMap((source) => {
    const tree = parse(source)
    const silenced = commentsOf(tree).filter((comment) => SUPPRESSION.test(comment))
    const untyped = [...nodesOf(tree)].filter((node) => node.kind === ts.SyntaxKind.AnyKeyword)
    return [
      ...silenced.map((comment) => `${source.path} silences a checker: ${comment.slice(0, 60)}`),
      ...untyped.map((node) => `${placeOf(source, tree, node)} says any: give the type, or unknown`),
    ]
  })

const VAGUE = /^(utils?|helpers?|common|managers?|misc|data\d+)$/

/** A file's name says the one thing that it is about. */
export const namesSayWhat = (sources: readonly Source[]): string[] =>
  sources.flatMap(({ path }) => {
    const words = path.slice(0, -'.ts'.length).split('/').slice(1)
    const vague = words.find((word) => VAGUE.test(word))
    return vague === undefined ? [] : [`${path}: "${vague}" does not say what is in it`]
  })

/** Every test counts, and the run ends because nothing is left open. */
export const testsEndByThemselves = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ path }) => path.endsWith('.test.ts'))
    .flatMap((source) => {
      const tree = parse(source)
      return [...nodesOf(tree)].filter(ts.isPropertyAccessExpression).flatMap((access) => {
        const { expression, name } = access
        const caller = expression.getText(tree)
        if (name.text === 'only' && /^(describe|it|context|specify)$/.test(caller)) return [`${placeOf(source, tree, access)} leaves other tests out`]
        return caller === 'process' && name.text === 'exit' ? [`${placeOf(source, tree, access)} forces the end of the run`] : []
      })
    })
