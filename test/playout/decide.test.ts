import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains } from '../../src/areas/division.ts'
import { addSeconds, type Instant } from '../../src/instant.ts'
import { cancellation, decide, endOf, soundedSeconds, soundingIn } from '../../src/playout/decide.ts'
import type { LiveAiring, Move } from '../../src/playout/decide.ts'
import { COUNTY, FAR_VILLAGE, OTHER_VILLAGE, START, STREET, VILLAGE } from '../support/station.ts'

const AREAS = [COUNTY, STREET, VILLAGE, OTHER_VILLAGE, FAR_VILLAGE]

type Ended = LiveAiring & { ended: Move['kind'] | 'pre-empted' }
type World = { live: LiveAiring[]; ended: Ended[] }

/** What recording a move does to an airing. */
function made(world: World, moves: Move[]): World {
  const live = new Map(world.live.map((airing) => [airing.id, airing]))
  const ended = [...world.ended]
  for (const move of moves) {
    const airing = live.get(move.airingId)!
    const leave = (kind: Ended['ended']): void => {
      live.delete(airing.id)
      ended.push({ ...airing, ended: kind })
    }
    if (move.kind === 'start') live.set(airing.id, { ...airing, state: 'on-air', onAirSince: move.at })
    else if (move.kind === 'resume' || move.kind === 'restart') {
      const playedSeconds = move.kind === 'resume' ? move.playedSeconds : 0
      live.set(airing.id, { ...airing, state: 'on-air', onAirSince: move.at, playedSeconds })
    } else if (move.kind === 'pre-empt' && !move.isFinal) {
      live.set(airing.id, { ...airing, state: 'pre-empted', onAirSince: null, playedSeconds: move.playedSeconds })
    } else leave(move.kind === 'pre-empt' ? 'pre-empted' : move.kind)
  }
  return { live: [...live.values()], ended }
}

const airing = (index: number): fc.Arbitrary<LiveAiring> =>
  fc
    .record({
      areaCode: fc.constantFrom(...AREAS),
      rank: fc.integer({ min: 0, max: 12 }),
      due: fc.integer({ min: 0, max: 900 }),
      grace: fc.integer({ min: 10, max: 400 }),
      seconds: fc.integer({ min: 1, max: 200 }),
      isAlert: fc.boolean(),
      isSent: fc.boolean(),
      isBlocked: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
      afterPreemption: fc.constantFrom('resume' as const, 'restart' as const, 'drop' as const),
    })
    .map(({ areaCode, rank, due, grace, seconds, isAlert, isSent, isBlocked, afterPreemption }) => {
      const dueAt = addSeconds(START, due)
      const id = `airing${String(index).padStart(2, '0')}`
      return {
        id,
        areaCode,
        title: id,
        precedence: `${isAlert ? '00' : String(rank + 10)}.${dueAt}.${id}`,
        dueAt,
        untilAt: addSeconds(dueAt, grace),
        state: 'due' as const,
        plannedSeconds: seconds,
        repeatEverySeconds: isAlert ? 60 : null,
        afterPreemption: isAlert ? ('restart' as const) : afterPreemption,
        playedSeconds: 0,
        onAirSince: null,
        sentAt: isSent ? START : null,
        obstacle: isBlocked && !isAlert ? { zh: '没有录音', en: 'no recording' } : null,
      }
    })

const airings = fc
  .integer({ min: 1, max: 12 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => airing(i))))
/** Beats come every second, late, or not for a while. */
const steps = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 30, max: 300 })), {
  minLength: 20,
  maxLength: 60,
})

function run(list: LiveAiring[], steps: number[], watch: (world: World, now: Instant, moves: Move[]) => void): World {
  let world: World = { live: list, ended: [] }
  let now = START
  let last: Instant | null = null
  for (const step of [...steps, 3000]) {
    now = addSeconds(now, step)
    const moves = decide(world.live, now, last)
    world = made(world, moves)
    watch(world, now, moves)
    last = now
  }
  return world
}

function kinds(moves: Move[]): string[] {
  return moves.map((move) => `${move.airingId} ${move.kind}`)
}

describe('deciding', () => {
  it('twice at one instant is deciding once', () => {
    fc.assert(
      fc.property(airings, steps, (list, steps) => {
        run(list, steps, (world, now) => {
          expect(decide(world.live, now, now)).toEqual([])
          expect(decide(world.live, now, null)).toEqual([])
        })
      }),
    )
  })

  it('nothing sounds under something that goes before it in the same or a containing area', () => {
    fc.assert(
      fc.property(airings, steps, (list, steps) => {
        run(list, steps, (world, now) => {
          const onAir = world.live.filter((each) => each.state === 'on-air')
          const wants = (each: LiveAiring): boolean =>
            each.state === 'on-air' || (each.dueAt <= now && now < each.untilAt && each.obstacle === null)
          for (const each of onAir) {
            for (const other of world.live.filter((one) => one !== each && wants(one))) {
              if (contains(other.areaCode, each.areaCode)) expect(each.precedence < other.precedence).toBe(true)
            }
          }
        })
      }),
    )
  })

  it('whoever has the air in a village is the first of all whose time it is there', () => {
    fc.assert(
      fc.property(airings, steps, fc.constantFrom(...AREAS), (list, steps, village) => {
        run(list, steps, (world, now) => {
          const wanting = world.live
            .filter((each) => contains(each.areaCode, village))
            .filter(
              (each) => each.state === 'on-air' || (each.dueAt <= now && now < each.untilAt && each.obstacle === null),
            )
            .map((each) => each.precedence)
            .sort()
          expect(soundingIn(village, world.live)?.precedence).toBe(wanting[0])
        })
      }),
    )
  })

  it('an alert begins in the beat of its issue, unless a graver one holds its area', () => {
    fc.assert(
      fc.property(airings, steps, (list, steps) => {
        run(list, steps, (world, now) => {
          for (const alert of world.live.filter((each) => each.repeatEverySeconds !== null && each.dueAt <= now)) {
            const holder = world.live.find(
              (each) =>
                each.state === 'on-air' &&
                contains(each.areaCode, alert.areaCode) &&
                each.precedence < alert.precedence,
            )
            if (!holder) expect(alert.state).toBe('on-air')
            else expect(holder.repeatEverySeconds).not.toBeNull()
          }
        })
      }),
    )
  })

  it('everything ends, once, and nothing sounds for longer than it is long', () => {
    fc.assert(
      fc.property(airings, steps, (list, steps) => {
        const world = run(list, steps, (world, now, moves) => {
          for (const each of world.live) if (each.state === 'on-air') expect(endOf(each) > now).toBe(true)
          for (const move of moves) expect(move.at <= now).toBe(true)
        })
        expect(world.live).toEqual([])
        expect(world.ended.map((each) => each.id).sort()).toEqual(list.map((each) => each.id).sort())
        for (const each of world.ended) {
          if (each.repeatEverySeconds === null) {
            expect(soundedSeconds(each, endOf(each))).toBeLessThanOrEqual(each.plannedSeconds)
          }
        }
      }),
    )
  })

  const base: LiveAiring = {
    id: 'bulletin',
    areaCode: STREET,
    title: '停水通知',
    precedence: '20',
    dueAt: START,
    untilAt: addSeconds(START, 300),
    state: 'due',
    plannedSeconds: 60,
    repeatEverySeconds: null,
    afterPreemption: 'resume',
    playedSeconds: 0,
    onAirSince: null,
    sentAt: null,
    obstacle: null,
  }
  const alert: LiveAiring = {
    ...base,
    id: 'alert',
    areaCode: COUNTY,
    precedence: '00',
    dueAt: addSeconds(START, 20),
    untilAt: addSeconds(START, 100),
    repeatEverySeconds: 30,
    afterPreemption: 'restart',
  }

  it.each([
    ['resume', 100, ['bulletin resume'], 20],
    ['restart', 100, ['bulletin restart'], 0],
    ['drop', 100, [], 20],
    ['resume', 400, ['bulletin expire'], 20],
  ] as const)('pre-empted with the rule "%s", alert over after %d s: %j', (afterPreemption, ends, expected, played) => {
    const both = { ...alert, untilAt: addSeconds(START, ends) }
    let world: World = { live: [{ ...base, afterPreemption }, both], ended: [] }
    world = made(world, decide(world.live, START))
    const takeover = decide(world.live, addSeconds(START, 20))
    expect(kinds(takeover)).toEqual(['alert start', 'bulletin pre-empt'])
    expect(takeover[1]).toMatchObject({ by: 'alert', isFinal: afterPreemption === 'drop' })
    if (afterPreemption !== 'restart') expect(takeover[1]).toMatchObject({ playedSeconds: played })
    world = made(world, takeover)
    const after = decide(world.live, addSeconds(START, ends))
    expect(kinds(after).filter((each) => each.startsWith('bulletin'))).toEqual(expected)
  })

  it('what is pre-empted after its window has closed has ended with that', () => {
    const on: LiveAiring = {
      ...base,
      state: 'on-air',
      onAirSince: addSeconds(START, 290),
      untilAt: addSeconds(START, 300),
    }
    const late = { ...alert, dueAt: addSeconds(START, 310), untilAt: addSeconds(START, 400) }
    expect(decide([on, late], addSeconds(START, 310))[1]).toMatchObject({ kind: 'pre-empt', isFinal: true })
  })

  it('one that takes a village leaves the rest of the county as it is', () => {
    const county = { ...base, areaCode: COUNTY }
    const village = { ...alert, areaCode: VILLAGE }
    let world: World = { live: [county, village], ended: [] }
    world = made(world, decide(world.live, START))
    world = made(world, decide(world.live, addSeconds(START, 20)))
    expect(world.live.map((each) => each.state)).toEqual(['on-air', 'on-air'])
    expect(soundingIn(VILLAGE, world.live)?.id).toBe('alert')
    expect(soundingIn(OTHER_VILLAGE, world.live)?.id).toBe('bulletin')
  })

  it.each([
    ['the lesser first', 0, 10],
    ['the graver first', 10, 0],
  ])('of two emergencies the graver sounds, %s', (_, lesserDue, graverDue) => {
    const lesser = { ...alert, id: 'lesser', precedence: '01', dueAt: addSeconds(START, lesserDue) }
    const graver = { ...alert, id: 'graver', precedence: '00', dueAt: addSeconds(START, graverDue), areaCode: STREET }
    let world: World = { live: [lesser, graver].map((each) => ({ ...each, areaCode: STREET })), ended: [] }
    for (const second of [0, 10, 11]) world = made(world, decide(world.live, addSeconds(START, second)))
    expect(soundingIn(VILLAGE, world.live)?.id).toBe('graver')
    expect(world.live.find((each) => each.id === 'lesser')?.state).toBe(lesserDue < graverDue ? 'pre-empted' : 'due')
    world = made(world, [cancellation(graver, { zh: '取消', en: 'cancelled' }, addSeconds(START, 12))])
    world = made(world, decide(world.live, addSeconds(START, 12)))
    expect(soundingIn(VILLAGE, world.live)?.id).toBe('lesser')
  })

  it('what loudspeakers hold began on time, however late the beat comes', () => {
    const held = { ...base, sentAt: addSeconds(START, -60) }
    expect(decide([held], addSeconds(START, 40))).toEqual([{ kind: 'start', airingId: 'bulletin', at: START }])
    expect(kinds(decide([held], addSeconds(START, 90)))).toEqual(['bulletin start', 'bulletin finish'])
    expect(decide([base], addSeconds(START, 40))[0]).toMatchObject({ at: addSeconds(START, 40) })
  })

  it('a clock that is set back leaves on air what was on air, and ends it when its time has come', () => {
    const [on] = made({ live: [base], ended: [] }, decide([base], START)).live
    expect(decide([on!], addSeconds(START, -600))).toEqual([])
    expect(kinds(decide([on!], addSeconds(START, 60)))).toEqual(['bulletin finish'])
  })

  it('an unplayable airing disturbs nothing, and says why it failed', () => {
    const on: LiveAiring = { ...base, state: 'on-air', onAirSince: START }
    const broken: LiveAiring = { ...base, id: 'broken', precedence: '10', obstacle: { zh: '没有录音', en: 'none' } }
    expect(decide([on, broken], addSeconds(START, 10))).toEqual([])
    const late = decide([broken], addSeconds(START, 300))
    expect(late).toMatchObject([{ kind: 'expire', state: 'failed', reason: { en: 'none' } }])
  })

  it('the seconds of an alert are those of all its repetitions', () => {
    const on: LiveAiring = { ...alert, state: 'on-air', onAirSince: START, plannedSeconds: 10 }
    expect([5, 10, 29, 30, 35, 65].map((second) => soundedSeconds(on, addSeconds(START, second)))).toEqual([
      5, 10, 10, 10, 15, 25,
    ])
  })
})
