/** Readings in the shapes that dashboards, databases and files take. Usable without Node-RED. */
import { influxShape } from './influx'
import { objectShape } from './object'
import { rowsShape } from './rows'
import type { Shape } from './shape'
import { values } from './values'

export { adjuster, type Adjustments } from './adjust'
export type { Content, Shape } from './shape'

/** @param seriesBy properties of `extra` that tell readings of one channel apart */
type CreateShape = (seriesBy: readonly string[]) => Shape

const shapes = {
  values: () => values,
  object: objectShape,
  influx: influxShape,
  rows: rowsShape,
} as const satisfies Record<string, CreateShape>

export type ShapeName = keyof typeof shapes

const isShapeName = (name: string): name is ShapeName => Object.hasOwn(shapes, name)

/** The shape of a name; undefined for an output that gives readings as they are, or the vendor's data. */
export const shapeOf = (name: string, seriesBy: readonly string[]): Shape | undefined => (isShapeName(name) ? shapes[name](seriesBy) : undefined)
