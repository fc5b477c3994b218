/** How the airings of a day lie on a strip of it: side by side where they overlap, never on top of each other. */

export type Strip = { startsAt: number; endsAt: number }

/** Where something lies: from and to as shares of the strip (0 to 1), and the lane, counted from the top. */
export type Lying<T> = { of: T; from: number; to: number; lane: number }

/**
 * Lays spans (in milliseconds) out in as few lanes as they need, the earliest first. What is too short to be seen or touched is
 * widened to `least`, a share of the strip, and may reach past its end by as much; what lies outside the strip stands at its edge.
 */
export function lanesOf<T>(
  things: T[],
  spanOf: (thing: T) => { from: number; to: number },
  strip: Strip,
  least: number,
): Lying<T>[] {
  const length = strip.endsAt - strip.startsAt
  const share = (at: number): number => Math.min(1, Math.max(0, (at - strip.startsAt) / length))
  const spans = things
    .map((of) => {
      const span = spanOf(of)
      const from = share(span.from)
      return { of, from, to: Math.max(share(span.to), from + least) }
    })
    .sort((one, other) => one.from - other.from)
  const ends: number[] = []
  return spans.map((span) => {
    const free = ends.findIndex((end) => end <= span.from)
    const lane = free === -1 ? ends.length : free
    ends[lane] = span.to
    return { ...span, lane }
  })
}

const HOUR = 3_600_000

/** The whole hours that hold every span, at least `hours` long, within the day that begins at `midnight`. */
export function stripOf(spans: { from: number; to: number }[], midnight: number, hours: number): Strip {
  const day = { startsAt: midnight, endsAt: midnight + 24 * HOUR }
  if (spans.length === 0) return day
  const first = Math.min(...spans.map((span) => span.from))
  const last = Math.max(...spans.map((span) => span.to))
  let startsAt = Math.max(day.startsAt, midnight + Math.floor((first - midnight) / HOUR) * HOUR)
  let endsAt = Math.min(day.endsAt, midnight + Math.ceil((last - midnight) / HOUR) * HOUR)
  while (endsAt - startsAt < hours * HOUR) {
    if (startsAt > day.startsAt) startsAt -= HOUR
    if (endsAt < day.endsAt && endsAt - startsAt < hours * HOUR) endsAt += HOUR
  }
  return { startsAt, endsAt }
}
