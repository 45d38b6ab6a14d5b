/** The page of devices has every vendor, and cites only what is listed. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { deviceTables, HARDWARE, unknownSources } from '../../scripts/devices'
import { ROOT } from './installation'

const VENDORS = join(ROOT, 'src', 'lib', 'vendors')

describe('the page of devices', () => {
  it('has the hardware of every vendor', () => {
    const folders = readdirSync(VENDORS, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    for (const { name } of folders) assert.ok(existsSync(join(VENDORS, name, 'hardware.ts')), name)
    assert.equal(HARDWARE.length, folders.length)
  })

  it('says what the decoder makes of a message', () => {
    const tables = deviceTables()
    assert.match(tables, /\| 12100 environment \| `temp` temperature °C, `humd` humidity %, `airp` pressure hPa, `lght` illuminance lx \|/)
    assert.match(tables, /\| power \| `vsys` voltage V,/)
    assert.match(tables, /\| battery \| `batt` voltage V \| R2, second-hand \|/)
    assert.match(tables, /\| ENVIRONMENT \| `TSPD01`,/)
  })

  it('makes readings of every sample, and names every message', () => {
    for (const { title, messages, products } of HARDWARE) {
      const names = messages.map(({ name }) => name)
      for (const { name, readings } of messages) {
        assert.ok(readings.length > 0, `${title}, ${name}`)
        assert.doesNotMatch(name, / $/, title)
      }
      for (const product of products) for (const message of product.messages ?? []) assert.ok(names.includes(message), `${title}, ${product.name}: ${message}`)
    }
  })

  it('cites sources that are listed, and it is seen where not', () => {
    assert.deepEqual(unknownSources(), [])
    const [some] = HARDWARE
    assert.match(unknownSources([{ ...some!, sources: {} }]).join(), /cites S1e, and the sources lack it/)
  })
})
