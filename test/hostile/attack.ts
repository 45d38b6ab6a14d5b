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

export interface Attack {
  name: string
  /** Codes that the error may have; any of the contract, or none, unless said. */
  codes?: readonly string[]
  reply(target: Target): Reply
}

interface Options {
  targets?: readonly Target[]
  /** Ms of computing without a break, where more than usual is allowed. */
  block?: number | undefined
}

/** Each attack against each target: all in one flow, since a deploy takes longer than most attacks, and one after another. */
export async function attackAll(victim: Victim, server: HostileServer, attacks: readonly Attack[], { targets = TARGETS, block }: Options = {}): Promise<void> {
  const failures: string[] = []
  await victim.attack(async (process) => {
    failures.length = 0
    const pairs = attacks.flatMap((attack) => targets.map((target) => ({ attack, target })))
    const flow = pairs.flatMap(({ attack, target }, index) => flowOf(target, `n${index}`, server.place(after(target, attack.reply(target))).url))
    await process.ask({ name: 'deploy', flow: [TAB, ...flow] })
    // To make hundreds of nodes takes Node-RED its time.
    await process.ask({ name: 'watch' })
    for (const [index, { attack, target }] of pairs.entries()) {
      const outcome = await process.ask({ name: 'run', node: `n${index}`, message: { json: target.message }, secrets: secretsOf(target) })
      failures.push(...wrongIn(outcome, attack.codes).map((what) => `${attack.name}, ${target.name}: ${what}`))
    }
  }, block)
  if (failures.length > 0) assert.fail(failures.join('\n'))
}
