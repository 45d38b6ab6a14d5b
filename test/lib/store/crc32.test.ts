import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { crc32, tableCrc32 } from '../../../src/lib/store/embedded/crc32'

describe('CRC-32', () => {
  it('is the one of the standard, with and without the help of Node.js', () => {
    const text = Buffer.from('123456789')
    assert.equal(crc32(text), 0xcbf43926)
    assert.equal(tableCrc32(text), 0xcbf43926)
    for (let length = 0; length < 100; length += 1) {
      const data = randomBytes(length)
      assert.equal(tableCrc32(data), crc32(data))
    }
  })
})
