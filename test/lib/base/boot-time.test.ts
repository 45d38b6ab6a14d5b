import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { elapsedBetween, systemBootTime } from '../../../src/lib/base/boot-time'

describe('time since the boot', () => {
  const at = (running: number, uptime = running): ReturnType<typeof systemBootTime> => ({ boot: 'boot', running, uptime })

  it('is the difference of either clock, in both directions', () => {
    assert.equal(elapsedBetween(at(1_000), at(5_000)), 4_000)
    assert.equal(elapsedBetween(at(5_000), at(1_000)), -4_000)
    assert.equal(elapsedBetween(at(5_000), at(5_000)), 0)
  })

  it('counts suspend, in which only the uptime goes on', () => {
    assert.equal(elapsedBetween(at(1_000), at(5_000, 65_000)), 64_000)
    assert.equal(elapsedBetween(at(5_000, 65_000), at(1_000)), -64_000)
  })

  it('is that of the running computer when a container has begun its uptime anew', () => {
    assert.equal(elapsedBetween(at(100_000), at(160_000, 5_000)), 60_000)
    assert.equal(elapsedBetween(at(160_000, 5_000), at(100_000)), -60_000)
  })

  it('keeps to the ms where the uptime is coarse', () => {
    assert.equal(elapsedBetween(at(1_009, 1_000), at(2_000, 2_000)), 991)
  })

  it('can be compared with another process of the same boot on Linux', function () {
    if (process.platform !== 'linux') this.skip()
    const before = systemBootTime()
    const other = Number(execFileSync(process.execPath, ['-p', 'process.hrtime.bigint() / 1_000_000n'], { encoding: 'utf8' }).replace('n', ''))
    const after = systemBootTime()
    assert.ok(before.running <= other && other <= after.running, `${before.running} <= ${other} <= ${after.running}`)
    assert.equal(before.boot, readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
    assert.equal(after.boot, before.boot)
  })
})
