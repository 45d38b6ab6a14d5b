/** A body of a given shape, with synthetic values. */
import type { BodyShape } from '../src/lib/field-check/body-shape'

/** A text of each form. */
const TEXTS: Readonly<Record<string, string>> = {
  'empty text': '',
  'digits': '100001',
  'number': '1.5',
  'uuid': '00000000-0000-4000-8000-000000000001',
  'mail address': 'someone@example.com',
  'url': 'https://example.com/',
  'ip address': '192.0.2.1',
  'letters': 'Sample',
  'letters and digits': 'SAMPLE001',
  'identifier': 'sample-1',
}

/** 2026-01-02T03:04:05Z */
const SECONDS = 1_767_323_045
const TIME_PARTS: readonly (readonly [part: string, digits: string])[] = [
  ['YYYY', '2026'], ['MM', '01'], ['DD', '02'], ['hh', '03'], ['mm', '04'], ['ss', '05'], ['f', '5'], ['HH', '00'], ['MM', '00'],
]

function sampleText(form: string): string {
  if (form.startsWith('unit ')) return form.slice('unit '.length)
  if (form.startsWith('time ')) return TIME_PARTS.reduce((text, [part, digits]) => text.replace(part, digits), form.slice('time '.length))
  return TEXTS[form] ?? 'Sample text'
}

function sampleNumber({ from, to, time, whole }: Extract<BodyShape, { type: 'number' }>): number {
  if (time !== undefined) return time === 'Unix seconds' ? SECONDS : SECONDS * 1000
  const middle = from + (to - from) / 4
  return whole ? Math.round(middle) : Number(middle.toPrecision(3))
}

/** A key that stands for ids or names becomes a text of its form. */
const sampleKey = (key: string): string => (key.startsWith('<') ? sampleText(key.slice(1, -1)) : key)

export function sampleOf(shape: BodyShape): unknown {
  switch (shape.type) {
    case 'boolean': return true
    case 'number': return sampleNumber(shape)
    case 'text': return sampleText(shape.forms[0] ?? '')
    case 'list': return sampleList(shape)
    case 'object': return Object.fromEntries(Object.entries(shape.keys).map(([key, inner]) => [sampleKey(key), sampleOf(inner)]))
    case 'any of': return sampleOf(shape.shapes[0] ?? { type: 'null' })
    default: return null
  }
}

/** An item of each shape that the items have; none where the list was empty. */
function sampleList({ items }: Extract<BodyShape, { type: 'list' }>): unknown[] {
  if (!items) return []
  return items.type === 'any of' ? items.shapes.map(sampleOf) : [sampleOf(items)]
}
