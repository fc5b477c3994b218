/** Chance that can be repeated: the same seed throws the same dice, on every machine and in every year. */
export type Chance = {
  /** A whole number, both ends included. */
  whole: (from: number, to: number) => number
  /** True in `share` of all throws, 0–1. */
  happens: (share: number) => boolean
  pick: <T>(list: readonly T[]) => T
  /** Different members of a list in the order they were drawn; all of them when it is shorter. */
  draw: <T>(list: readonly T[], count: number) => T[]
}

export function chanceOf(...seed: (string | number)[]): Chance {
  let state = hash32(seed.join('|'))
  // Mulberry32: 32 bits of state are plenty for one county's worth of made-up detail.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    whole,
    happens: (share) => next() < share,
    pick: (list) => list[whole(0, list.length - 1)]!,
    draw: (list, count) => {
      const rest = [...list]
      return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(whole(0, rest.length - 1), 1)[0]!)
    },
  }
}

/** FNV-1a with a last mix, so that seeds that differ in one digit share nothing. */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
