import { describe, expect, it } from 'vitest'
import { DECOY_HASH, isPassword, WAITING_LIMIT } from '../../src/accounts/password.ts'

// A hash that costs next to nothing, so that a crowd of them is soon through.
const CHEAP_HASH = 'scrypt$2$1$1$c2FsdA$a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U'

describe('passwords', () => {
  it('a crowd waits in turn, and who finds the queue full is told to come again', async () => {
    const crowd = await Promise.allSettled(
      Array.from({ length: WAITING_LIMIT + 10 }, () => isPassword('wrong', CHEAP_HASH)),
    )
    const refused = crowd.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    expect(refused).toHaveLength(8)
    expect(refused[0]!.reason).toMatchObject({ fault: 'forbidden', retryAfterSeconds: 5 })
    expect(await isPassword('wrong', CHEAP_HASH)).toBe(false)
  })

  it('nothing fits the decoy', async () => {
    expect(await isPassword('', DECOY_HASH)).toBe(false)
  })
})
