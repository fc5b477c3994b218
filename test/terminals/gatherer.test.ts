import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGatherer } from '../../src/terminals/gatherer.ts'

const gatherer = (options: { batch: number; limit?: number; take: (items: number[]) => Promise<void> }) =>
  createGatherer<number>({
    milliseconds: 1,
    limit: 1_000_000,
    weigh: (item) => item,
    failed: () => undefined,
    ...options,
  })

describe('a gatherer', () => {
  it('hands on everything once and in order, in batches that end as soon as they are heavy enough', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 300 }),
        async (items, batch) => {
          const taken: number[][] = []
          const gathered = gatherer({ batch, take: async (batchOf) => void taken.push(batchOf) })
          for (const item of items) gathered.add(item)
          await gathered.settle()
          expect(taken.flat()).toEqual(items)
          for (const each of taken) {
            const butTheLast = each.slice(0, -1).reduce((sum, item) => sum + item, 0)
            expect(butTheLast).toBeLessThan(batch)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('lets the event loop turn between two batches', async () => {
    const happened: string[] = []
    const gathered = gatherer({
      batch: 100,
      take: async () => {
        happened.push('batch')
        setImmediate(() => happened.push('turn'))
      },
    })
    for (let count = 0; count < 3; count++) gathered.add(100)
    await gathered.settle()
    expect(happened).toEqual(['batch', 'turn', 'batch', 'turn', 'batch', 'turn'])
  })

  it('takes no more than its limit, and again when there is room', async () => {
    const taken: number[] = []
    const gathered = gatherer({ batch: 1000, limit: 150, take: async (items) => void taken.push(...items) })
    expect([100, 99, 1].map((item) => gathered.add(item))).toEqual([true, true, false])
    await gathered.settle()
    expect(gathered.add(1)).toBe(true)
    await gathered.settle()
    expect(taken).toEqual([100, 99, 1])
  })
})
