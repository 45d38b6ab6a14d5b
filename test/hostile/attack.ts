/** An answer against all vendors: what must hold, whatever it is. */
import assert from 'node:assert/strict'
import { sayJson, type HostileServer, type Reply } from './hostile-server'
import { wrongIn } from './outcome'
import type { Outcome } from './protocol'
import { after, flowOf, SECRETS, TAB, TARGETS, type Target } from './targets'
import { Victim, type VictimProcess } from './victim-process'

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

export async function runTarget(victim: VictimProcess, server: HostileServer, target: Target, reply: Reply): Promise<Outcome> {
  const { url } = server.place(after(target, reply))
  await victim.ask({ name: 'deploy', flow: [TAB, ...flowOf(target, 'n', url)] })
  return victim.ask({ name: 'run', node: 'n', message: { json: target.message }, secrets: secretsOf(target) })
}

/** Each target by itself, so that a failure names it; a target whose process dies does not keep the others from their turn. */
export async function attackAll(victim: Victim, server: HostileServer, replyFor: (target: Target) => Reply, codes?: readonly string[], targets: readonly Target[] = TARGETS): Promise<void> {
  const failures: string[] = []
  for (const target of targets) {
    const reply = replyFor(target)
    try {
      let wrong: string[] = []
      await victim.attack(async (process) => {
        wrong = wrongIn(await runTarget(process, server, target, reply), codes)
      })
      failures.push(...wrong.map((what) => `${target.name}: ${what}`))
    } catch (error) {
      failures.push(`${target.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (failures.length > 0) assert.fail(failures.join('\n'))
}
