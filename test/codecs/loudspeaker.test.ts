import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryToPlay, isOpen, type Played } from '../../src/codecs/loudspeaker.ts'
import type { RundownEntry } from '../../src/codecs/speaker-link.ts'
import { addSeconds, secondsBetween } from '../../src/instant.ts'
import { entry, NOW } from '../support/entries.ts'

const later = (seconds: number): string => addSeconds(NOW, seconds)
const alert = (change: Partial<RundownEntry> = {}): RundownEntry =>
  entry({ airingId: 'alert', class: 'alert', precedence: '1', repeatEverySeconds: 60, ...change })
const played = (change: Partial<Played> = {}): Played => ({
  state: 'interrupted',
  startedAt: NOW,
  positionSeconds: 12,
  hash: entry().hash,
  ...change,
})

describe('the rule of the loudspeaker', () => {
  it('the smallest precedence of what is due has the air', () => {
    const entries = [entry({ airingId: 'b', precedence: '7' }), entry({ airingId: 'a', precedence: '5' })]
    expect(entryToPlay(entries, NOW, new Map())).toMatchObject({ entry: { airingId: 'a' }, does: 'sound' })
    expect(entryToPlay(entries, later(-1), new Map())).toBeUndefined()
    expect(entryToPlay(entries, later(600), new Map())).toBeUndefined()
  })

  it('what was interrupted resumes, restarts or is dropped, as it says', () => {
    const history = new Map([['a1', played()]])
    expect(entryToPlay([entry()], later(30), history)).toMatchObject({ fromSeconds: 12 })
    expect(entryToPlay([entry({ afterPreemption: 'restart' })], later(30), history)).toMatchObject({ fromSeconds: 0 })
    expect(entryToPlay([entry({ afterPreemption: 'drop' })], later(30), history)).toBeUndefined()
    expect(entryToPlay([entry()], later(600), history)).toBeUndefined()
  })

  it('what began in its window is said to the end', () => {
    const history = new Map([['a1', played({ state: 'playing' })]])
    expect(entryToPlay([entry({ untilAt: later(5) })], later(6), history)).toMatchObject({ does: 'sound' })
    expect(entryToPlay([alert({ airingId: 'a1', untilAt: later(5) })], later(6), history)).toBeUndefined()
  })

  it('an alert is repeated, and holds the air in between', () => {
    const history = new Map([['alert', played({ state: 'finished' })]])
    const entries = [alert(), entry()]
    expect(entryToPlay(entries, later(30), history)).toMatchObject({ entry: { airingId: 'alert' }, does: 'hold' })
    expect(entryToPlay(entries, later(60), history)).toMatchObject({ does: 'sound', fromSeconds: 0 })
    expect(entryToPlay(entries, later(599), history)).toMatchObject({ entry: { airingId: 'alert' } })
  })

  it('an alert’s words follow its siren at once', () => {
    const history = new Map([['alert', played({ state: 'finished' })]])
    const spoken = alert({ hash: 'cd'.repeat(32) })
    expect(entryToPlay([spoken], later(15), history)).toMatchObject({ does: 'sound', fromSeconds: 0 })
    // The siren that sounds is not cut: the new recording begins when it is over.
    expect(entryToPlay([spoken], later(5), new Map([['alert', played({ state: 'playing' })]]))).toMatchObject({
      fromSeconds: 12,
    })
  })

  const entries = fc.uniqueArray(
    fc
      .record({
        airingId: fc.integer({ min: 0, max: 99 }).map((id) => `a${id}`),
        precedence: fc.integer({ min: 0, max: 9 }).map(String),
        due: fc.integer({ min: 0, max: 300 }),
        window: fc.integer({ min: 0, max: 200 }),
        seconds: fc.integer({ min: 1, max: 60 }),
        repeatEverySeconds: fc.option(fc.integer({ min: 1, max: 90 })),
        afterPreemption: fc.constantFrom('resume' as const, 'restart' as const, 'drop' as const),
      })
      .map(({ due, window, ...rest }) => entry({ ...rest, dueAt: later(due), untilAt: later(due + window) })),
    { maxLength: 8, selector: (each) => each.airingId },
  )

  it('is one answer whatever the order of the entries, and nothing open goes before it', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 0, max: 600 }), (entries, second) => {
        const choice = entryToPlay(entries, later(second), new Map())
        expect(entryToPlay(entries.toReversed(), later(second), new Map())).toEqual(choice)
        const open = entries.filter((each) => isOpen(each, later(second), undefined))
        expect(choice === undefined).toBe(open.length === 0)
        for (const each of open) expect(choice!.entry.precedence <= each.precedence).toBe(true)
      }),
    )
  })

  it('through a whole day: no bulletin before its time, never begun after its window, once means once, an alert ends', () => {
    fc.assert(
      fc.property(entries, (entries) => {
        const history = new Map<string, Played>()
        const sounded = new Map<string, number>()
        let current: string | undefined
        for (let second = 0; second <= 700; second++) {
          const now = later(second)
          const playing = current === undefined ? undefined : history.get(current)
          const playingEntry = entries.find((each) => each.airingId === current)
          if (current !== undefined && playing && playingEntry && playing.positionSeconds >= playingEntry.seconds) {
            history.set(current, { ...playing, state: 'finished' })
            current = undefined
          }
          const choice = entryToPlay(entries, now, history)
          const next = choice?.does === 'sound' ? choice.entry : undefined
          if (current !== undefined && next?.airingId !== current) {
            history.set(current, { ...history.get(current)!, state: 'interrupted' })
          }
          if (next && choice?.does === 'sound') {
            const known = history.get(next.airingId)
            if (next.airingId !== current) {
              // An alert is in force as soon as it comes: whose clock runs behind does not wait.
              expect(next.repeatEverySeconds !== null || now >= next.dueAt).toBe(true)
              expect(now < next.untilAt).toBe(true)
              const startedAt = choice.fromSeconds === 0 ? now : known!.startedAt
              const positionSeconds = choice.fromSeconds
              history.set(next.airingId, { state: 'playing', startedAt, positionSeconds, hash: next.hash })
              if (next.repeatEverySeconds !== null && known?.state === 'finished') {
                expect(secondsBetween(known.startedAt, now)).toBeGreaterThanOrEqual(next.repeatEverySeconds)
              }
            }
            if (next.repeatEverySeconds !== null) expect(now < next.untilAt).toBe(true)
            const state = history.get(next.airingId)!
            history.set(next.airingId, { ...state, positionSeconds: state.positionSeconds + 1 })
            sounded.set(next.airingId, (sounded.get(next.airingId) ?? 0) + 1)
          }
          current = next?.airingId
        }
        for (const each of entries) {
          const isOnce = each.repeatEverySeconds === null && each.afterPreemption !== 'restart'
          if (isOnce) expect(sounded.get(each.airingId) ?? 0).toBeLessThanOrEqual(each.seconds)
        }
      }),
      { numRuns: 150 },
    )
  })
})
