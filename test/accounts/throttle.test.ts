import { describe, expect, it } from 'vitest'
import { createThrottle, FIRST_WAIT_SECONDS, WAIT_LIMIT_SECONDS } from '../../src/accounts/throttle.ts'
import { addSeconds } from '../../src/instant.ts'
import { START } from '../support/station.ts'

describe('the throttle', () => {
  it('lets the free attempts pass, then doubles the wait up to its limit', () => {
    const throttle = createThrottle()
    const waits = Array.from({ length: 20 }, () => {
      throttle.tried('name', 3, START)
      return throttle.waitSeconds('name', START)
    })
    expect(waits.slice(0, 5)).toEqual([0, 0, FIRST_WAIT_SECONDS, 2 * FIRST_WAIT_SECONDS, 4 * FIRST_WAIT_SECONDS])
    expect(Math.max(...waits)).toBe(WAIT_LIMIT_SECONDS)
  })

  it('forgives on success, and an hour after the last failure', () => {
    const throttle = createThrottle()
    for (let count = 0; count < 4; count++) throttle.tried('one', 3, START)
    throttle.succeeded('one')
    expect(throttle.waitSeconds('one', START)).toBe(0)
    for (let count = 0; count < 4; count++) throttle.tried('two', 3, START)
    const later = addSeconds(START, WAIT_LIMIT_SECONDS + 1)
    throttle.tried('two', 3, later)
    expect(throttle.waitSeconds('two', later)).toBe(0)
  })

  it('one name never makes another wait, and a flood of names is forgotten oldest first', () => {
    const throttle = createThrottle()
    for (let count = 0; count < 5; count++) throttle.tried('held', 3, START)
    expect(throttle.waitSeconds('other', START)).toBe(0)
    for (let count = 0; count < 10_000; count++) throttle.tried(`flood ${count}`, 3, START)
    expect(throttle.waitSeconds('held', START)).toBe(0)
  })
})
