/** Every text of every language, and Node-RED as it picks a language. */
import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogOf, flat, sharedCatalog, textAt, type Catalog } from '../../scripts/build/catalog'
import { englishTexts } from '../../scripts/build/english-texts'
import { helpOf } from '../../src/nodes/admin/help/help-text'
import { languages, readTranslations, translatorOf } from '../../scripts/build/translation'
import { checkTranslations, faultsOf, gapsOf } from '../../scripts/check/translations'
import { arranged } from '../../scripts/texts'
import { knownVendors, nodeSets } from '../../src/nodes/runtime/node-types'
import { PACKAGE, PLUGIN } from '../../src/nodes/runtime/language'
import { startSimulator, type Simulator } from '../simulator'
import { nodeRed4, ROOT } from './installation'
import { ask, startNodeRed, type RunningNodeRed } from './node-red'

describe('the translations', () => {
  it('leave as it is what is no language', () => {
    assert.deepEqual(checkTranslations().faults, [])
  })

  /** For each fault an English text, and a translation that has it. */
  const BAD: Readonly<Record<string, readonly [text: string, translation: string]>> = {
    'has other words for the places __name__': ['waiting __seconds__ s', 'wartet __sekunden__ s'],
    'has other words for the code': ['Default: <code>msg.payload</code>.', 'Standard: <code>msg.nutzlast</code>.'],
    'has other words for the tags': ['Of <code>a</code>', 'Von <code>a</code><br>'],
    'has other words for the properties of a message': ['The content of msg.payload.', 'Was msg.inhalt enthält.'],
    'has other words for the codes of errors': ['new ones fail with OUTBOX_FULL', 'neue schlagen mit AUSGANG_VOLL fehl'],
    'has other words for the addresses': ['must begin with redis://', 'muss mit rediss:// beginnen'],
    'has blanks around it': ['Choose a vendor', 'Wählen Sie einen Anbieter '],
    'ends in another way': ['Choose a vendor…', 'Wählen Sie einen Anbieter'],
    'is still English': ['Choose a vendor', 'Choose a vendor'],
  }

  for (const [fault, [text, translation]] of Object.entries(BAD))
    it(`a text that ${fault} is found`, () => {
      const found = faultsOf([text], { [text]: translation })
      assert.ok(found.includes(`"${text}" ${fault}`), found.join('\n'))
    })

  it('texts that are missing or gone, or wrongly said to be the same, are found', () => {
    assert.deepEqual(gapsOf(['Limit'], { Rate: 'Takt' }), { missing: ['Limit'], obsolete: ['Rate'] })
    assert.deepEqual(faultsOf(['Limit'], { Limit: 'Grenze' }, ['Limit']), ['"Limit" is not said in the same words'])
  })

  it('may put places and code in another order, use wide marks, and keep names', () => {
    const good = {
      'row __done__ of __count__': 'von __count__ Zeilen __done__',
      'Use <code>a</code> with <code>b</code>.': '<code>b</code>と<code>a</code>を使います。',
      Senquip: 'Senquip',
      '__value__ ms': '__value__ ms',
      Limit: 'Limit',
    }
    assert.deepEqual(faultsOf(Object.keys(good), good, ['Limit']), [])
  })
})

describe('the texts of a language', () => {
  it('are brought up to date with what was translated kept', () => {
    assert.deepEqual(JSON.parse(arranged(['one', 'two'], { gone: 'fort', two: 'zwei' })), { one: '', two: 'zwei' })
  })

  it('stand in all catalogs and all of the help, whatever the text', () => {
    // What is not asked for is left as it was.
    const mark = (text: string): string => `⟦${text}⟧`
    for (const set of nodeSets()) {
      const leaves = JSON.stringify(catalogOf(set, knownVendors, mark)).match(/":"[^"]/g) ?? []
      assert.ok(leaves.length > 10)
      assert.deepEqual(leaves.filter((leaf) => leaf !== '":"⟦'), [], set.type)
      const said = helpOf(set, knownVendors, () => '').replace(/<code>.*?<\/code>|<pre.*?<\/pre>|<dt.*?<\/dt>|<[^>]*>/gs, '')
      assert.doesNotMatch(said, /\p{L}{2,}/u, set.type)
    }
  })

  it('fall back to English one by one', () => {
    const translate = translatorOf({ Limit: 'Grenze', Name: '' })
    assert.deepEqual(['Limit', 'Name', 'Path'].map(translate), ['Grenze', 'Name', 'Path'])
  })

  it('are English texts each once', () => {
    const texts = englishTexts()
    assert.ok(texts.length > 500)
    assert.equal(new Set(texts).size, texts.length)
    assert.ok(texts.every((text) => text.trim() === text && text !== ''))
  })
})

const GET_DATA = 'sensor-cloud-get-data'

/** What has no place is taken for a config node. */
const PLACE = { x: 100, y: 100 }

/** A flow that reads on GET /latest, and tells the last status of the reading node on GET /status. */
const flowOn = ({ urls, credentials }: Simulator): object[] => [
  { id: 'tab', type: 'tab', label: 'status' },
  { id: 'account', type: 'sensorist-account', name: '', baseUrl: urls.sensorist, credentials: credentials.sensorist },
  { id: 'in', z: 'tab', type: 'http in', url: '/latest', method: 'get', ...PLACE, wires: [['read']] },
  {
    id: 'read', z: 'tab', type: GET_DATA, name: '', vendor: 'sensorist', accountSensorist: 'account', operation: 'measurements-latest',
    params: { dataSources: { type: 'msg', value: 'req.query.ids' } }, output: 'readings', emit: 'array', ...PLACE, wires: [['out']],
  },
  { id: 'status', z: 'tab', type: 'status', scope: ['read'], ...PLACE, wires: [['keep']] },
  { id: 'keep', z: 'tab', type: 'change', rules: [{ t: 'set', p: 'shown', pt: 'flow', to: 'status.text', tot: 'msg' }], ...PLACE, wires: [[]] },
  { id: 'asked', z: 'tab', type: 'http in', url: '/status', method: 'get', ...PLACE, wires: [['tell']] },
  { id: 'tell', z: 'tab', type: 'change', rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'shown', tot: 'flow' }], ...PLACE, wires: [['out']] },
  { id: 'out', z: 'tab', type: 'http response', statusCode: '', ...PLACE, wires: [] },
]

/** Catalogs of a few texts, in languages that Node-RED's own editor lacks. */
const CATALOGS: Readonly<Record<string, { reading: string; readings: string }>> = {
  nl: { reading: '__count__ meting', readings: '__count__ metingen' },
  sv: { reading: '__count__ mätvärde', readings: '__count__ mätvärden' },
}

describe('a Node-RED in another language', function () {
  this.timeout(90_000)
  let userDir = ''
  let nodeRed: RunningNodeRed | undefined
  let simulator: Simulator | undefined

  before(async () => {
    await mkdir(join(ROOT, '.tmp'), { recursive: true })
    userDir = await mkdtemp(join(ROOT, '.tmp', 'language-'))
    const installed = join(userDir, 'node_modules', PACKAGE)
    for (const part of ['dist', 'resources', 'package.json']) await cp(join(ROOT, part), join(installed, part), { recursive: true })
    await writeFile(join(userDir, 'package.json'), JSON.stringify({ name: 'project', dependencies: { [PACKAGE]: '*' } }))
    for (const [language, { reading, readings }] of Object.entries(CATALOGS)) {
      const folder = join(installed, 'dist', 'nodes', 'locales', language)
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'editor.json'), JSON.stringify({ status: { readings, readings_one: reading } }))
    }
    nodeRed = await startNodeRed(await nodeRed4(), userDir, { lang: 'nl' })
    simulator = await startSimulator()
  })
  after(async () => {
    await simulator?.close()
    await nodeRed?.stop()
    await rm(userDir, { recursive: true, force: true })
  })

  it('shows the status in the language of the runtime', async () => {
    await nodeRed!.deploy(flowOn(simulator!))
    await ask(`${nodeRed!.origin}/latest?ids=220200,220201`)
    assert.match(String(await ask(`${nodeRed!.origin}/status`)), /^2 metingen · \d\d:\d\d$/)
    await ask(`${nodeRed!.origin}/latest?ids=220200`)
    assert.match(String(await ask(`${nodeRed!.origin}/status`)), /^1 meting · \d\d:\d\d$/)
  })

  const catalogIn = async (language: string): Promise<Catalog> =>
    ((await nodeRed!.get(`/plugins/messages?lng=${language}`)) as Record<string, Catalog>)[PLUGIN] ?? {}
  const helpIn = async (type: string, language: string): Promise<string> =>
    ((await nodeRed!.get(`/sensor-clouds/help/${type}?language=${language}`)) as { html: string }).html

  for (const [asked, language] of [['nl', 'nl'], ['nl-BE', 'nl'], ['sv', 'sv'], ['sv-SE', 'sv']] as const)
    it(`gives an editor in ${asked} the texts of ${language}`, async () => {
      assert.equal(textAt(await catalogIn(asked), 'status.readings'), CATALOGS[language]!.readings)
    })

  it('gives the English help to a language that nobody translated', async () => {
    for (const language of ['is', '../en-US', '']) assert.match(await helpIn(GET_DATA, language), /<h3>Inputs<\/h3>/)
  })

  it('gives the English texts of dialogs to a language that nobody translated', async () => {
    const { dialogs } = sharedCatalog(nodeSets(), knownVendors)
    for (const language of ['en-US', 'is', '..%2Fen-US']) assert.deepEqual(await nodeRed!.get(`/sensor-clouds/texts/${language}`), dialogs)
  })

  it('has no help for a type of somebody else', async () => {
    await assert.rejects(helpIn('inject', 'de'), /404/)
  })

  for (const language of languages())
    it(`has the texts and the help of all nodes in ${language}`, async () => {
      const translate = translatorOf(readTranslations(language))
      const { palette, dialogs } = sharedCatalog(nodeSets(), knownVendors, translate)
      assert.deepEqual(await catalogIn(language), { language, ...palette })
      assert.deepEqual(await nodeRed!.get(`/sensor-clouds/texts/${language}`), dialogs)
      for (const set of nodeSets()) {
        const summary = textAt(palette, `own.${set.type}.summary`) ?? textAt(palette, 'summary') ?? ''
        assert.equal(`<p>${summary}</p>\n${await helpIn(set.type, language)}`, helpOf(set, knownVendors, translate), set.type)
      }
    })

  it('has each text of each node in the shared catalog', () => {
    const { palette, dialogs } = sharedCatalog(nodeSets(), knownVendors)
    for (const set of nodeSets())
      for (const [key, text] of flat(catalogOf(set, knownVendors))) {
        const places = [palette, dialogs].flatMap((catalog) => [textAt(catalog, `own.${set.type}.${key}`), textAt(catalog, key)])
        assert.equal(places.find((found) => found !== undefined), text, `${set.type}: ${key}`)
      }
  })
})
