/** What a bench measures, and how it is shown. */
export interface Figure {
  what: string
  value: number
  unit: string
  /** The most, or the least, that is acceptable. */
  most?: number
  least?: number
}

/** One part of docs/performance.md. */
export interface Section {
  title: string
  /** What was done, for the reader of the document. */
  text: string
  figures: Figure[]
}

export const missed = ({ value, least = -Infinity, most = Infinity }: Figure): boolean => !(value >= least && value <= most)

export const median = (values: readonly number[]): number => [...values].sort((one, other) => one - other)[values.length >> 1] ?? NaN

const number = (value: number): string => (value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3))))

function wanted({ least, most }: Figure): string {
  if (least !== undefined) return `at least ${number(least)}`
  return most === undefined ? '' : `at most ${number(most)}`
}

const row = (figure: Figure): string =>
  `| ${figure.what} | ${`${number(figure.value)} ${figure.unit}`.trim()}${missed(figure) ? ' (missed)' : ''} | ${wanted(figure)} |`

/** A section as it stands in the document, from its title on. */
export const markdown = ({ title, text, figures }: Section): string =>
  [`### ${title}`, '', text, '', '| what | measured | wanted |', '| --- | --- | --- |', ...figures.map(row)].join('\n')
