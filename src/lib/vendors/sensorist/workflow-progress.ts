/** Polls the workflow that a command started. Its states and names are not published, so only changes are detected. */
import { isRecord } from '../../base/foreign'
import type { Caller, Progress } from '../../vocabulary/operation'
import workflow from './operations/workflow'

/** The id of a workflow as an object or as a bare id; undefined when there is none. */
function idOf(begun: unknown): string | undefined {
  const id = isRecord(begun) ? begun.id : begun
  return (typeof id === 'string' && id !== '') || typeof id === 'number' ? String(id) : undefined
}

/**
 * Reads a workflow once.
 * @param begun the workflow of the command's answer; undefined when it began none
 */
export async function workflowProgress<P>(caller: Caller<P>, begun: unknown): Promise<Progress | undefined> {
  const workflowId = idOf(begun)
  if (workflowId === undefined) return undefined
  const data = await caller.call(workflow, { workflowId })
  return { data, state: stateOf(data) }
}

function stateOf(data: unknown): string {
  const { state, status } = isRecord(data) ? data : {}
  return [state, status].find((word): word is string => typeof word === 'string' && word !== '') ?? 'changing'
}
