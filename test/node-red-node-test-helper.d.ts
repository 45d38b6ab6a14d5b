/** The part of node-red-node-test-helper that the tests use; it has no types of its own. */
declare module 'node-red-node-test-helper' {
  import type { Node, NodeAPI } from 'node-red'
  /** A request to the admin application; it is sent when it is awaited. */
  interface AdminRequest extends PromiseLike<{ status: number; text: string; headers: Record<string, string> }> {
    send(body: object): AdminRequest
    type(name: string): AdminRequest
  }
  const helper: {
    init(runtime: string, settings?: object): void
    load(nodes: ((RED: NodeAPI) => void)[], flow: object[], credentials?: object): Promise<void>
    unload(): Promise<void>
    getNode(id: string): Node
    log(): { args: { level: number; msg: unknown; type?: string; id?: string }[][] }
    settings(settings: object): void
    startServer(done: () => void): void
    stopServer(done: () => void): void
    setFlows(flow: object[], type: 'full' | 'flows' | 'nodes'): Promise<void>
    request(): Record<'get' | 'post', (path: string) => AdminRequest>
  }
  export default helper
}
