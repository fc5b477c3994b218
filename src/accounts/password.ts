import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

export const PASSWORD_MINIMUM = 8
export const PASSWORD_LIMIT = 200

// OWASP's second scrypt profile: 64 MiB and about 0.1 s a guess.
const COST: ScryptOptions = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 }
const KEY_BYTES = 32

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

/** `scrypt$N$r$p$salt$key`: the cost stands in the hash, so that it can rise without breaking old ones. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, n, r, p, salt, key] = hash.split('$')
  if (!n || !r || !p || !salt || !key) return false
  const expected = Buffer.from(key, 'base64url')
  const given = await derive(password, Buffer.from(salt, 'base64url'), { ...COST, N: +n, r: +r, p: +p })
  return timingSafeEqual(given, expected)
}
