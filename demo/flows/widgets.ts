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
      { name: 'Default', px: '0', cols: '3' }, { name: 'Tablet', px: '576', cols: '6' },
      { name: 'Small Desktop', px: '768', cols: '9' }, { name: 'Desktop', px: '1024', cols: '12' },
    ],
    order: 1, className: '', visible: 'true', disabled: 'false',
  },
  group(GROUPS.temperature, 'Temperature, all clouds', 8, 1),
  group(GROUPS.now, 'Now', 4, 2),
  group(GROUPS.table, 'Latest readings', 8, 3),
  group(GROUPS.alarms, 'Alarms and alerts', 4, 4),
  group(GROUPS.day, 'Sensorist: Cellar, last 24 hours', 6, 5),
  group(GROUPS.stored, 'SensoCAN: stored by the simulated cloud', 6, 6),
]

interface Chart {
  group: string
  width: number
  height: number
  unit: string
  /** Property of a reading, or of the message, that names the series. */
  series: string
  seriesType: 'property' | 'msg'
  action: 'append' | 'replace'
  hours: number
}

/** A line chart of readings: x is a reading's timestamp and y its value, whatever cloud it is from. */
export const chart = ({ group: on, width, height, unit, series, seriesType, action, hours }: Chart): Record<string, unknown> => ({
  group: on, name: '', label: '', order: 1, chartType: 'line', category: series, categoryType: seriesType,
  xAxisLabel: ' ', xAxisProperty: 'timestamp', xAxisPropertyType: 'property', xAxisType: 'time', xAxisFormat: '', xAxisFormatType: 'auto', xmin: '', xmax: '',
  yAxisLabel: unit, yAxisProperty: 'value', yAxisPropertyType: 'property', ymin: '', ymax: '', bins: 10,
  action, stackSeries: false, pointShape: 'false', pointRadius: 2, showLegend: true,
  removeOlder: hours, removeOlderUnit: '3600', removeOlderPoints: '', colors: COLORS,
  textColor: ['#44525f'], textColorDefault: false, gridColor: ['#e3e8ec'], gridColorDefault: false,
  width, height, className: '', interpolation: 'linear',
})

interface Gauge {
  title: string
  unit: string
  min: number
  max: number
  /** Where the color changes to amber and to red. */
  limits: readonly [amber: number, red: number]
  order: number
}

export const gauge = ({ title, unit, min, max, limits, order }: Gauge): Record<string, unknown> => ({
  name: title, group: GROUPS.now, order, value: 'payload.value', valueType: 'msg', width: 2, height: 4, gtype: 'gauge-half', gstyle: 'rounded',
  title, alwaysShowTitle: true, floatingTitlePosition: 'top-left', units: unit, icon: '', prefix: '', suffix: '', min, max,
  segments: [
    { from: String(min), color: '#2a9d5c', text: '', textType: 'label' },
    { from: String(limits[0]), color: '#e0a800', text: '', textType: 'label' },
    { from: String(limits[1]), color: '#c0392b', text: '', textType: 'label' },
  ],
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
  mobileBreakpoint: 'sm', mobileBreakpointType: 'defaults', action: 'replace', className: '',
})

export const notification: Record<string, unknown> = {
  ui: 'dashboard-base', position: 'top right', colorDefault: false, color: '#c0392b', displayTime: '8', showCountdown: true, outputs: 1, allowDismiss: true,
  dismissText: 'Close', allowConfirm: false, confirmText: 'Confirm', raw: false, className: '', name: 'notice',
}
