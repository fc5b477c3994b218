import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridOf, neighbours, type Direction, type Neighbours } from '../../src/television/focus.ts'

const DIRECTIONS: Direction[] = ['up', 'down', 'left', 'right']

/** Rows of one to nine places each, with ids that tell where they lie; some rows are empty. */
const grids = fc
  .array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 8 })
  .map((lengths) => lengths.map((length, row) => Array.from({ length }, (_, place) => `p${row}-${place}`)))

function reachable(from: string, places: Map<string, Neighbours>): Set<string> {
  const seen = new Set([from])
  const open = [from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const direction of DIRECTIONS) {
      const to = places.get(id)![direction]
      if (!to.startsWith('#') || seen.has(to.slice(1))) continue
      seen.add(to.slice(1))
      open.push(to.slice(1))
    }
  }
  return seen
}

describe('focus', () => {
  it('every place is reached from every other, so no place is a trap', () => {
    fc.assert(
      fc.property(grids, (rows) => {
        const places = neighbours(rows)
        for (const id of places.keys()) expect(reachable(id, places).size).toBe(places.size)
        expect(places.size).toBe(rows.flat().length)
      }),
    )
  })

  it('left and right undo each other, and up and down keep to their rows', () => {
    fc.assert(
      fc.property(grids, (rows) => {
        const places = neighbours(rows)
        const rowOf = (id: string): number => rows.filter((row) => row.length > 0).findIndex((row) => row.includes(id))
        for (const [id, { up, down, left, right }] of places) {
          if (right !== '') expect(places.get(right.slice(1))!.left).toBe(`#${id}`)
          if (left !== '') expect(places.get(left.slice(1))!.right).toBe(`#${id}`)
          if (down !== '') expect(rowOf(down.slice(1))).toBe(rowOf(id) + 1)
          if (up !== '') expect(rowOf(up.slice(1))).toBe(rowOf(id) - 1)
        }
      }),
    )
  })

  it('edges lead where the page says, and nowhere when it says nothing', () => {
    const places = neighbours([['a'], ['b']], { down: 'column?page=2', right: 'column?page=2' })
    expect(places.get('a')).toEqual({ up: '', down: '#b', left: '', right: 'column?page=2' })
    expect(places.get('b')).toEqual({ up: '#a', down: 'column?page=2', left: '', right: 'column?page=2' })
  })

  it('a grid is cut into rows that keep the order', () => {
    expect(gridOf(['a', 'b', 'c', 'd', 'e'], 2)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    expect(gridOf([], 3)).toEqual([])
  })
})
