/** The sums of a ledger as it is being written: lines may still lack their amount. All amounts are whole cents. */

export type WrittenLine = { direction?: 'income' | 'expense' | undefined; amountCents?: number | null | undefined }

export type Sums = { incomeCents: number; expenseCents: number; closingCents: number }

export function sumsOf(openingCents: number | null | undefined, lines: (WrittenLine | undefined)[]): Sums {
  let incomeCents = 0
  let expenseCents = 0
  for (const line of lines) {
    if (line?.direction === 'income') incomeCents += line.amountCents ?? 0
    if (line?.direction === 'expense') expenseCents += line.amountCents ?? 0
  }
  return { incomeCents, expenseCents, closingCents: (openingCents ?? 0) + incomeCents - expenseCents }
}
