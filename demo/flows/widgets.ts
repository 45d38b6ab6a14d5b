/** The dashboard's page: its groups on a grid of twelve columns, and the widgets in them. */
import type { FlowNode } from './kit'

const COLORS = ['#1f77b4', '#e07b00', '#2a9d5c', '#b03a8c', '#6a5acd', '#c0392b', '#138d90', '#8d6e63', '#546e7a']

export const GROUPS = { temperature: 'group-temperature', now: 'group-now', table: 'group-table', alarms: 'group-alarms', day: 'group-day', stored: 'group-stored' }

const group = (id: string, name: string, width: number, order: number): FlowNode => ({
  id, type: 'ui-group', name, page: 'dashboard-page', width: String(width), height: '1', order, showTitle: true, className: '', visible: 'true', disabled: 'false', groupType: 'default',
})

/** Config nodes of the dashboard. */
export const page: FlowNode[] = [
  {
    id: 'dashboard-base', type: 'ui-base', name: 'Sensor clouds', path: '/dashboard', appIcon: '', includeClientData: true,
    acceptsClientConfig: ['ui-notification', 'ui-control'], showPathInSidebar: false, headerContent: 'page', navigationStyle: 'none',
    titleBarStyle: 'default', showReconnectNotification: true, notificationDisplayTime: 3, showDisconnectNotification: true, allowInstall: false,
  },
  {
    id: 'dashboard-theme', type: 'ui-theme', name: 'Plant',
    colors: { surface: '#22384d', primary: '#1f77b4', bgPage: '#eef1f4', groupBg: '#ffffff', groupOutline: '#d5dbe1' },
    sizes: { density: 'compact', pagePadding: '12px', groupGap: '12px', groupBorderRadius: '6px', widgetGap: '8px' },
  },
  {
    id: 'dashboard-page', type: 'ui-page', name: 'Sensor clouds', ui: 'dashboard-base', path: '/sensor-clouds', icon: 'cloud-outline', layout: 'grid', theme: 'dashboard-theme',
    breakpoints: [
      { name: 'Default', px: '0', cols: '4' }, { name: 'Tablet', px: '576', cols: '8' },
      { name: 'Small Desktop', px: '768', cols: '8' }, { name: 'Desktop', px: '1024', cols: '12' },
    ],
    order: 1, className: '', visible: 'true', disabled: 'false',
  },
  group(GROUPS.temperature, 'Temperature, all clouds', 8, 1),
  group(GROUPS.now, 'Now', 4, 2),
  group(GROUPS.alarms, 'Alarms and alerts', 4, 3),
  group(GROUPS.table, 'Latest readings', 8, 4),
  group(GROUPS.day, 'Cellar, last 24 hours', 6, 5),
  group(GROUPS.stored, 'SensoCAN: Tank', 6, 6),
]

/** For the comment beside the nodes. */
export const ABOUT_STYLE = `The template node has the style of the page: dark where the browser asks for it, and "–" in a gauge without a value.
"No value yet" empties the gauges when the flow starts: without it, a gauge shows its least value until the first message.
"One line" puts the legend of each chart into one line, with arrows where it is longer than the chart is wide.`

/** A page is as dark as its theme. This one follows the browser; a chart is drawn on a canvas, so its colors are turned round. */
export const STYLE_SHEET = `@media (prefers-color-scheme: dark) {
  :root { color-scheme: dark; }
  .v-application, .v-theme--nrdb {
    --v-theme-background: 15, 20, 25 !important;
    --v-theme-on-background: 230, 235, 240 !important;
    --v-theme-navigation-background: 24, 34, 44 !important;
    --v-theme-on-navigation-background: 230, 235, 240 !important;
    --v-theme-group-background: 27, 34, 42 !important;
    --v-theme-on-group-background: 230, 235, 240 !important;
    --v-theme-group-outline: 45, 56, 67 !important;
    --v-theme-surface: 27, 34, 42 !important;
    --v-theme-on-surface: 230, 235, 240 !important;
    --v-border-color: 230, 235, 240 !important;
  }
  .nrdb-ui-chart canvas { filter: invert(0.9) hue-rotate(180deg); }
}
.nrdb-ui-gauge-dial #limits { display: none; }
.nrdb-ui-gauge-dial:has(span:empty) #arc { visibility: hidden; }
.nrdb-ui-gauge-dial span:empty::before { content: "–"; }
.nrdb-table td, .nrdb-table th { padding: 0 8px !important; }`

export const style: Record<string, unknown> = {
  group: '', page: 'dashboard-page', ui: '', name: 'style', order: 0, width: 0, height: 0, head: '', format: STYLE_SHEET, storeOutMessages: true, passthru: true,
  resendOnRefresh: true, templateScope: 'page:style', className: '',
}

/** Of several lines, a legend would stand on the chart of a phone. */
export const LEGEND = { legend: { type: 'scroll', top: 0, left: 'center' }, grid: { top: 36, bottom: 8 } }

interface Chart {
  group: string
  width: number
  height: number
  unit: string
  /** Output of the get data nodes that send to it. */
  of: 'values' | 'readings'
  /** Property of the message, or of each reading, that names the series. */
  series: string
  action: 'append' | 'replace'
  hours: number
}

/** A line chart of times and values, whatever cloud they are from. */
export function chart({ group: on, width, height, unit, of, series, action, hours }: Chart): Record<string, unknown> {
  const [value, type] = of === 'values' ? ['payload', 'msg'] : ['value', 'property']
  return {
    group: on, name: '', label: '', order: 1, chartType: 'line', category: series, categoryType: type,
    xAxisLabel: ' ', xAxisProperty: 'timestamp', xAxisPropertyType: type, xAxisType: 'time', xAxisFormat: '', xAxisFormatType: 'auto', xmin: '', xmax: '',
    yAxisLabel: unit, yAxisProperty: value, yAxisPropertyType: type, ymin: '', ymax: '', bins: 10,
    action, stackSeries: false, pointShape: 'false', pointRadius: 2, showLegend: true,
    removeOlder: hours, removeOlderUnit: '3600', removeOlderPoints: '', colors: COLORS,
    textColor: ['#44525f'], textColorDefault: false, gridColor: ['#e3e8ec'], gridColorDefault: false,
    width, height, className: '', interpolation: 'linear',
  }
}

const RANGES = { green: '#2a9d5c', amber: '#e0a800', red: '#c0392b' } as const

interface Gauge {
  title: string
  unit: string
  /** Where each color begins; the first one is also the least value. */
  ranges: readonly [first: Range, ...more: Range[]]
  max: number
  order: number
}

type Range = readonly [from: number, color: keyof typeof RANGES]

export const gauge = ({ title, unit, ranges, max, order }: Gauge): Record<string, unknown> => ({
  name: title, group: GROUPS.now, order, value: 'payload', valueType: 'msg', width: 2, height: 4, gtype: 'gauge-half', gstyle: 'rounded',
  title, alwaysShowTitle: true, floatingTitlePosition: 'top-left', units: unit, icon: '', prefix: '', suffix: '', min: ranges[0][0], max,
  segments: ranges.map(([from, color]) => ({ from: String(from), color: RANGES[color], text: '', textType: 'label' })),
  sizeThickness: 14, sizeGap: 4, sizeKeyThickness: 6, styleRounded: true, styleGlow: false, className: '',
})

interface Column {
  title: string
  key: string
  align?: 'start' | 'end'
  type?: 'text' | 'html'
}

export const table = (on: string, width: number, height: number, rows: number, columns: readonly Column[]): Record<string, unknown> => ({
  group: on, name: '', label: '', order: 1, width, height, maxrows: rows, passthru: false, autocols: false, showSearch: false, deselect: true, selectionType: 'none',
  columns: columns.map(({ title, key, align = 'start', type = 'text' }) => ({ title, key, keyType: 'key', type, width: 'auto', align })),
  mobileBreakpoint: 'none', mobileBreakpointType: 'none', action: 'replace', className: '',
})

export const notification: Record<string, unknown> = {
  ui: 'dashboard-base', position: 'top right', colorDefault: false, color: '#c0392b', displayTime: '8', showCountdown: true, outputs: 1, allowDismiss: true,
  dismissText: 'Close', allowConfirm: false, confirmText: 'Confirm', raw: false, className: '', name: 'notice',
}
