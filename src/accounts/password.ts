import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { StationError } from '../errors.ts'

export const PASSWORD_MINIMUM = 8
export const PASSWORD_LIMIT = 200

// OWASP's second scrypt profile: 64 MiB and about 0.1 s a guess.
const COST: ScryptOptions = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 }
const KEY_BYTES = 32
/** Hashes under way at once: each takes 64 MiB and one of the four threads that files are read by as well. */
const AT_ONCE_LIMIT = 2
export const WAITING_LIMIT = 50
const BUSY_RETRY_SECONDS = 5

let underWay = 0
const waiting: (() => void)[] = []

/** Throws `forbidden` with `retryAfterSeconds` when as many passwords as may wait are waiting to be hashed. */
export function requireRoomToHash(): void {
  if (waiting.length < WAITING_LIMIT) return
  throw new StationError(
    'forbidden',
    { zh: '登录的人太多，请稍后再试', en: 'Too many people are signing in; try again shortly' },
    { retryAfterSeconds: BUSY_RETRY_SECONDS },
  )
}

async function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  requireRoomToHash()
  // Whoever ends hands the turn to the first that waits, so nobody who comes later overtakes.
  if (underWay >= AT_ONCE_LIMIT) await new Promise<void>((resolve) => waiting.push(resolve))
  else underWay++
  try {
    return await new Promise((resolve, reject) => {
      const done = (error: Error | null, key: Buffer): void => (error ? reject(error) : resolve(key))
      scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, done)
    })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else underWay--
  }
}

const written = (salt: Buffer, key: Buffer): string =>
  ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')

/** The hash of no password: to try one against it takes as long as against any other. */
export const DECOY_HASH = written(randomBytes(16), randomBytes(KEY_BYTES))

/** `scrypt$N$r$p$salt$key`: the cost stands in the hash, so that it can rise without breaking old ones. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return written(salt, await derive(password, salt, COST))
}

export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, n, r, p, salt, key] = hash.split('$')
  if (!n || !r || !p || !salt || !key) return false
  const expected = Buffer.from(key, 'base64url')
  const given = await derive(password, Buffer.from(salt, 'base64url'), { ...COST, N: +n, r: +r, p: +p })
  return timingSafeEqual(given, expected)
}
