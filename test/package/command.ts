/** Runs a program to its end, and gives what it printed. */
import { execFile } from 'node:child_process'
import { delimiter, dirname } from 'node:path'

export interface CommandOptions {
  cwd: string
  /** ms */
  timeout: number
  /** The Node.js that runs it, and whatever it starts; default the present one. */
  node?: string
}

/** The environment, without what npm tells the scripts of this package about itself. */
export function environment(node: string = process.execPath): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_(package|lifecycle|command|config_local_prefix)|NODE_OPTIONS$)/.test(name))
  // Without a network a developer wants to hear so at once; a shared machine tries again.
  const patience = process.env.CI === 'true' ? {} : { npm_config_fetch_retries: '0' }
  return { ...Object.fromEntries(own), ...patience, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` }
}

/** @throws Error with the last of what it printed, when it fails or takes too long */
export function run(program: string, args: readonly string[], { cwd, timeout, node }: CommandOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, timeout, env: environment(node), maxBuffer: 32 * 1024 * 1024 }
    execFile(program, args, options, (error, output, complaint) => {
      if (!error) {
        resolve(output)
        return
      }
      const reason = error.killed === true ? `took longer than ${timeout / 1000} s` : `failed (${String(error.code)})`
      reject(new Error(`${program} ${args.join(' ')} ${reason}:\n${complaint.slice(-2000)}\n${output.slice(-2000)}`))
    })
  })
}
