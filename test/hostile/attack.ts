/** An answer against all vendors: what must hold, whatever it is. */
import assert from 'node:assert/strict'
import { sayJson, type HostileServer, type Reply } from './hostile-server'
import { wrongIn } from './shape'
import { after, flowOf, SECRETS, TAB, TARGETS, type Target } from './targets'
import { Victim } from './victim-process'

const secretsOf = ({ vendor }: Target): string[] => Object.values(SECRETS[vendor])

/** A Node-RED that has read an ordinary answer of each vendor a few times, as any that runs for a while. */
export const seasoned = (server: () => HostileServer): Victim =>
  new Victim(async (victim) => {
    const flow = TARGETS.flatMap((target, index) => flowOf(target, `n${index}`, server().place(after(target, sayJson(target.ordinary))).url))
    await victim.ask({ name: 'deploy', flow: [TAB, ...flow] })
    for (let round = 0; round < 2; round += 1)
      for (const [index, { message, name }] of TARGETS.entries()) {
        const outcome = await victim.ask({ name: 'run', node: `n${index}`, message: { json: message } })
        assert.equal(outcome.sent, 1, `${name} fails with an ordinary answer: ${JSON.stringify(outcome)}`)
      }
    // What compiles and tidies up after the start is not the case's.
    await victim.ask({ name: 'ping' })
  })

interface Attack {
  codes?: readonly string[] | undefined
  targets?: readonly Target[]
  /** Ms that it may block, where that is more than usual. */
  block?: number | undefined
}

/** All targets in one flow, one after another. A failure names its target. */
export async function attackAll(victim: Victim, server: HostileServer, replyFor: (target: Target) => Reply, { codes, targets = TARGETS, block }: Attack = {}): Promise<void> {
  const failures: string[] = []
  await victim.attack(async (process) => {
    failures.length = 0
    const flow = targets.flatMap((target, index) => flowOf(target, `n${index}`, server.place(after(target, replyFor(target))).url))
    await process.ask({ name: 'deploy', flow: [TAB, ...flow] })
    for (const [index, target] of targets.entries()) {
      const outcome = await process.ask({ name: 'run', node: `n${index}`, message: { json: target.message }, secrets: secretsOf(target) })
      failures.push(...wrongIn(outcome, codes).map((what) => `${target.name}: ${what}`))
    }
  }, block)
  if (failures.length > 0) assert.fail(failures.join('\n'))
}
