/**
 * Where the arrow keys lead. The server knows the grid of a page, so it writes each place's neighbours into the page: no box
 * has to measure rectangles, and that nothing is out of reach is a fact that can be tested without a television.
 */

export type Direction = 'up' | 'down' | 'left' | 'right'

/** Where each arrow leads from a place: `#id` is another place of the page, anything else an address; empty stays. */
export type Neighbours = Record<Direction, string>

/** Addresses that the arrows open at the edges of a grid: a list's next page lies below it and to its right. */
export type Edges = Partial<Neighbours>

/**
 * The neighbours of every place of a grid, given as rows of ids from the top. Rows may differ in length: up and down lead to
 * the place that lies nearest above and below. Empty rows do not count.
 */
export function neighbours(rows: string[][], edges: Edges = {}): Map<string, Neighbours> {
  const filled = rows.filter((row) => row.length > 0)
  const found = new Map<string, Neighbours>()
  for (const [index, row] of filled.entries()) {
    for (const [place, id] of row.entries()) {
      const middle = (place + 0.5) / row.length
      found.set(id, {
        up: nearest(filled[index - 1], middle) ?? edges.up ?? '',
        down: nearest(filled[index + 1], middle) ?? edges.down ?? '',
        left: place > 0 ? `#${row[place - 1]!}` : (edges.left ?? ''),
        right: place < row.length - 1 ? `#${row[place + 1]!}` : (edges.right ?? ''),
      })
    }
  }
  return found
}

/** The place of a row that lies nearest to a point, given as its share of the width. */
function nearest(row: string[] | undefined, middle: number): string | undefined {
  return row && `#${row[Math.min(row.length - 1, Math.floor(middle * row.length))]!}`
}

/** Cuts a list into rows of `columns` places. */
export function gridOf(ids: string[], columns: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / columns) }, (_, row) =>
    ids.slice(row * columns, (row + 1) * columns),
  )
}
