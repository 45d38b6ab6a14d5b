/** All figures of docs/performance.md: `npm run bench`. */
import { clientFigures } from './client'
import { limiterFigures, type Figure } from './limiter'

const number = (value: number): string => (value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3))))

function bound({ least, most }: Figure): string {
  if (least !== undefined) return `at least ${number(least)}`
  return most === undefined ? '' : `at most ${number(most)}`
}

const missed = ({ value, least = -Infinity, most = Infinity }: Figure): boolean => !(value >= least && value <= most)

function print(title: string, figures: readonly Figure[]): void {
  console.log(`\n### ${title}\n\n| what | measured | wanted |\n| --- | --- | --- |`)
  for (const figure of figures)
    console.log(`| ${figure.what} | ${number(figure.value)} ${figure.unit}${missed(figure) ? ' (missed)' : ''} | ${bound(figure)} |`)
}

async function run(): Promise<void> {
  print('Client', await clientFigures())
  print('Limiter', await limiterFigures())
}

void run()
