import { cpus, totalmem } from 'node:os'

/** One line that names what the figures were measured on. */
export function machine(): string {
  const [first] = cpus()
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, loopback`
}

export function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Prints rows as a table that can stand in a README. */
export function printTable(columns: string[], rows: (string | number)[][]): void {
  console.log(`\n| ${columns.join(' | ')} |`)
  console.log(`|${columns.map(() => '--').join('|')}|`)
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
  console.log(`\n${machine()}`)
}
