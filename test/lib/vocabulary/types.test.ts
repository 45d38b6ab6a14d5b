import assert from 'node:assert/strict'
import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(__dirname, '..', '..', '..')
const FILE = join(ROOT, 'src', 'lib', 'vocabulary', 'type-test.ts')
const HEAD = `
import { operation, sequence, text, number, list } from './operation'
import { anything } from './validation'
`

/** Files that no test changes: the compiler's own declarations and the vocabulary are parsed once. */
const unchanged = new Map<string, ts.SourceFile | undefined>()

/** What the compiler says of a file of the vocabulary's users, each message in full. */
function diagnose(body: string): string {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path))
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT)
  const host = ts.createCompilerHost({ ...options, noEmit: true })
  const { getSourceFile, fileExists } = host
  host.getSourceFile = (name, ...rest) => {
    if (name === FILE) return ts.createSourceFile(name, HEAD + body, ts.ScriptTarget.ES2022)
    if (!unchanged.has(name)) unchanged.set(name, getSourceFile.call(host, name, ...rest))
    return unchanged.get(name)
  }
  host.fileExists = (name) => name === FILE || fileExists.call(host, name)
  const program = ts.createProgram([FILE], { ...options, noEmit: true, noUnusedLocals: false }, host)
  const all = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics(program.getSourceFile(FILE))]
  return all.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n')).join('\n')
}

const get = (route: string, fields: string, more = ''): string =>
  `export const tried = operation({ verb: 'get-data', title: 'T', route: '${route}', fields: ${fields}, decode: anything, ${more} })`

describe('the vocabulary, as the compiler sees it', function () {
  this.timeout(60_000)

  it('takes a route whose variables and path fields agree, and infers the params', () => {
    const fields = `{ tuid: text({ in: 'path', label: 'L' }), limit: number({ in: 'query', label: 'L', default: 1 }),
      ids: list({ in: 'query', label: 'L', required: false }) }`
    const readings = `readings: (_body, params) => {
      const tuid: string = params.tuid
      const limit: number = params.limit
      const ids: string[] | undefined = params.ids
      return [tuid, limit, ids].length ? [] : []
    }`
    assert.equal(diagnose(get('GET /things/{tuid}', fields, readings)), '')
  })

  it('takes a setting of the account in a route', () => {
    assert.equal(diagnose(get('GET /devices/{account.deviceUuid}/readings', '{}')), '')
  })

  it('refuses a route variable without a field', () => {
    const said = diagnose(get('GET /d/{id}/{chan}', `{ id: text({ in: 'path', label: 'L' }) }`))
    assert.match(said, /route variable without a field/)
    assert.match(said, /"chan"/)
  })

  it('refuses a path field that is not in the route', () => {
    const said = diagnose(get('GET /d', `{ id: text({ in: 'path', label: 'L' }) }`))
    assert.match(said, /path field that is not in the route/)
  })

  it('refuses a field that travels elsewhere in place of a route variable', () => {
    assert.match(diagnose(get('GET /d/{id}', `{ id: text({ in: 'query', label: 'L' }) }`)), /route variable without a field/)
  })

  it('refuses an optional param where a value is needed', () => {
    const fields = `{ ids: list({ in: 'query', label: 'L', required: false }) }`
    assert.match(diagnose(get('GET /d', fields, 'readings: (_body, params) => params.ids.map(() => never())')), /possibly 'undefined'/)
  })

  it('refuses readings from a verb that does not read', () => {
    const said = diagnose(get('GET /d', '{}', 'readings: () => []').replace('get-data', 'send-command'))
    assert.match(said, /not assignable to type 'undefined'|never/)
  })

  it('refuses readings of another shape', () => {
    assert.match(diagnose(get('GET /d', '{}', `readings: () => [{ temperature: 1 }]`)), /not assignable|does not exist/)
  })

  it('refuses a method that is none, and an unknown verb', () => {
    assert.notEqual(diagnose(get('FETCH /d', '{}')), '')
    assert.notEqual(diagnose(get('GET /d', '{}').replace('get-data', 'get-dota')), '')
  })

  it('refuses pages of another shape', () => {
    const said = diagnose(`export const tried = sequence({ verb: 'get-data', title: 'T', route: 'GET /d', fields: {}, measurements: true,
      run: async function* () { yield { readings: [] } } })`)
    assert.match(said, /data/)
  })
})
