/** The nodes that the demo's flows are made of, as a flow file has them. */
import { accountProperty } from '../../src/lib/vocabulary/vendor'

export interface FlowNode {
  id: string
  type: string
  [property: string]: unknown
}

/** One vendor's part of the demo. Credentials are kept apart by Node-RED, by the id of their node. */
export interface Flow {
  nodes: FlowNode[]
  credentials: Record<string, Record<string, string>>
}

export interface TypedValue {
  type: 'str' | 'num' | 'bool' | 'json' | 'msg' | 'jsonata'
  value: string
}

/** Where a node stands on its tab: column and row of the grid. */
export type Place = readonly [column: number, row: number]

export const fixed = (value: string): TypedValue => ({ type: 'str', value })
export const whole = (value: number): TypedValue => ({ type: 'num', value: String(value) })
export const fromMessage = (value: string): TypedValue => ({ type: 'msg', value })
export const expression = (value: string): TypedValue => ({ type: 'jsonata', value })

/** Ids of the link nodes on the Dashboard tab that the other tabs send to. */
export const SHARED = {
  values: 'dashboard-values', events: 'dashboard-events', notices: 'dashboard-notices', day: 'dashboard-day', stored: 'dashboard-stored',
}

export const tab = (id: string, label: string): FlowNode => ({ id, type: 'tab', label, disabled: false, info: '' })

/** Nodes of one tab, on a grid wide enough for their names. */
export class Tab {
  constructor(private readonly id: string) {}

  node(type: string, id: string, place: Place, properties: Record<string, unknown>, wires: string[][] = []): FlowNode {
    const [column, row] = place
    return { id: this.idOf(id), type, z: this.id, x: 180 + column * 210, y: 60 + row * 60, ...properties, wires: wires.map((port) => port.map((target) => this.idOf(target))) }
  }

  /** Ids are the tab's own, so that two tabs may use the same word. */
  idOf(id: string): string {
    return `${this.id}-${id}`
  }

  comment(id: string, place: Place, name: string, info: string): FlowNode {
    return this.node('comment', id, place, { name, info })
  }

  /** @param props what the message carries beside its payload, the time */
  inject(id: string, place: Place, name: string, timing: { after: number; every?: number }, wires: string[], props: Record<string, TypedValue> = {}): FlowNode {
    const more = Object.entries(props).map(([p, { type: vt, value: v }]) => ({ p, v, vt }))
    return this.node('inject', id, place, {
      name, props: [{ p: 'payload' }, ...more], repeat: timing.every === undefined ? '' : String(timing.every), crontab: '',
      once: true, onceDelay: timing.after, topic: '', payload: '', payloadType: 'date',
    }, [wires])
  }

  /** An inject that sends these properties when the flow starts, and no other. */
  once(id: string, place: Place, name: string, properties: Record<string, unknown>, wires: string[]): FlowNode {
    return this.node('inject', id, place, {
      name, props: Object.entries(properties).map(([p, value]) => ({ p, v: JSON.stringify(value), vt: 'json' })), repeat: '', crontab: '', once: true, onceDelay: 0.1, topic: '', payload: '', payloadType: 'date',
    }, [wires])
  }

  /** @param settings with the output `values` if none is given: one message for each value, as widgets take it */
  getData(id: string, place: Place, settings: Action & { output?: 'readings' | 'values'; quantities?: string }, wires: string[]): FlowNode {
    const { output = 'values', quantities = '', ...action } = settings
    const shape = { output, quantities, decimals: '1', temperature: '°C', emit: 'array' }
    return this.node('sensor-cloud-get-data', id, place, { ...properties(action), ...shape, sinceLast: false }, [wires])
  }

  /** @param settings what this vendor's events need beside the account */
  onEvent(id: string, place: Place, name: string, vendor: string, account: string, settings: Record<string, unknown>, wires: string[]): FlowNode {
    const defaults = { publicUrl: '', path: '', events: [], params: {}, interval: '' }
    return this.node('sensor-cloud-on-event', id, place, { name, vendor, ...accountsWith(vendor, account), ...defaults, ...settings }, [wires])
  }

  sendReading(id: string, place: Place, settings: Action, wires: string[]): FlowNode {
    return this.node('sensor-cloud-send-reading', id, place, { ...properties(settings), outbox: true, outboxLimit: '100000', batchWindow: '250' }, [wires])
  }

  change(id: string, place: Place, name: string, values: Record<string, TypedValue>, wires: string[]): FlowNode {
    const rules = Object.entries(values).map(([p, { type: tot, value: to }]) => ({ t: 'set', p, pt: p.startsWith('flow.') ? 'flow' : 'msg', to, tot }))
    const named = rules.map((rule) => ({ ...rule, p: rule.p.replace(/^flow\./, '') }))
    return this.node('change', id, place, { name, rules: named, action: '', property: '', from: '', to: '', reg: false }, [wires])
  }

  /** @param ports where messages go whose property equals the value, or matches it */
  choose(id: string, place: Place, name: string, property: string, ports: readonly Port[]): FlowNode {
    const rules = ports.map(({ is, matches }) => (matches === undefined ? { t: 'eq', v: is ?? '', vt: 'str' } : { t: 'regex', v: matches, vt: 'str', case: false }))
    return this.node('switch', id, place, {
      name, property, propertyType: 'msg', rules, checkall: 'true', repair: false, outputs: rules.length,
    }, ports.map(({ to }) => [to]))
  }

  split(id: string, place: Place, wires: string[]): FlowNode {
    const settings = { splt: '\\n', spltType: 'str', arraySplt: 1, arraySpltType: 'len', stream: false, addname: '', property: 'payload' }
    return this.node('split', id, place, { name: 'one each', ...settings }, [wires])
  }

  /** A Join that keeps the newest reading of each topic, and sends all of them on with every message. */
  newest(id: string, place: Place, wires: string[]): FlowNode {
    return this.node('join', id, place, {
      name: 'newest of each', mode: 'custom', build: 'object', property: 'reading', propertyType: 'msg', key: 'topic', joiner: '\\n', joinerType: 'str',
      useparts: false, accumulate: true, timeout: '', count: '1', reduceRight: false,
    }, [wires])
  }

  debug(id: string, place: Place, name: string): FlowNode {
    return this.node('debug', id, place, {
      name, active: true, tosidebar: true, console: false, tostatus: false, complete: 'payload', targetType: 'msg', statusVal: '', statusType: 'auto',
    })
  }

  linkOut(id: string, place: Place, name: string, target: string): FlowNode {
    return this.node('link out', id, place, { name, mode: 'link', links: [target] })
  }

  /** All errors of the tab: to the debug sidebar, and to the dashboard as a notice. */
  errors(row: number): FlowNode[] {
    const notice = { payload: expression('error.message') }
    return [
      this.node('catch', 'catch', [0, row], { name: 'any error of this tab', scope: null, uncaught: false }, [['notice']]),
      this.change('notice', [1, row], 'its sentence', notice, ['error', 'notices']),
      this.debug('error', [2, row], 'error'),
      this.linkOut('notices', [2, row + 1], 'to the dashboard', SHARED.notices),
    ]
  }
}

interface Port {
  is?: string
  matches?: string
  to: string
}

interface Action {
  name: string
  vendor: string
  account: string
  operation: string
  params?: Record<string, TypedValue>
}

/** Of the references to accounts, the chosen vendor's is set. */
const accountsWith = (vendor: string, account: string): Record<string, string> => ({
  accountSenquip: '', accountSenquipV1: '', accountSensocan: '', accountThingsee: '', accountSensorist: '', [accountProperty(vendor)]: account,
})

/** What all action nodes have. */
const properties = ({ name, vendor, account, operation, params = {} }: Action): Record<string, unknown> => ({
  name, vendor, ...accountsWith(vendor, account), operation, params,
})

/** What every account has besides its vendor's own settings. */
export const account = (id: string, type: string, name: string, settings: Record<string, string>): FlowNode => ({
  id, type, name, ...settings, store: '', tls: '', proxy: '', timeout: '30000',
})
