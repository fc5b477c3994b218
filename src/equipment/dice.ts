import { randomBytes } from 'node:crypto'
import { milliseconds } from '../instant.ts'
import type { Clock } from './clock.ts'

/** Chance, as equipment: tests throw loaded dice. */
export type Dice = {
  /** A 20-character id that sorts by the time it was made: 9 characters of time, 3 of count, 8 of chance (40 bits). */
  id: () => string
  /** A secret of 160 bits, 32 characters, to be shown once and stored hashed. */
  secret: () => string
}

// Crockford's base 32: no i, l, o, u, so that an id can be read out on the telephone.
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

function inBase32(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => DIGITS[byte & 31]).join('')
}

export function timePart(at: number): string {
  let text = ''
  for (let rest = at; text.length < 9; rest = Math.floor(rest / 32)) text = DIGITS[rest % 32] + text
  return text
}

export function systemDice(clock: Clock, chance: (count: number) => Uint8Array = randomBytes): Dice {
  // Counting within one millisecond keeps ids in the order they were made; it starts anew in each.
  let latest = 0
  let count = 0
  return {
    id: () => {
      const at = milliseconds(clock())
      count = at === latest ? count + 1 : 0
      latest = at
      return timePart(at) + timePart(count % 32 ** 3).slice(-3) + inBase32(chance(8))
    },
    secret: () => inBase32(chance(32)),
  }
}
