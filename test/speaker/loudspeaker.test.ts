import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  receiptsFrom,
  seal,
  topics,
  type AlertsInForce,
  type Command,
  type Receipt,
  type Rundown,
  type RundownEntry,
} from '../../src/codecs/speaker-link.ts'
import { passingSigner } from '../../src/equipment/signer.ts'
import { addSeconds } from '../../src/instant.ts'
import { createLoudspeaker, type Loudspeaker } from '../../src/speaker/loudspeaker.ts'
import { openMemory, type Memory } from '../../src/speaker/memory.ts'
import type { Ended, Sound } from '../../src/speaker/sinks.ts'
import { entry, NOW } from '../support/entries.ts'

const VILLAGE = '370799001200'
const STATION = {
  areaCodes: [VILLAGE],
  subscribe: [],
  mqttUrl: 'mqtt://station.test',
  sequence: 1_000_000_000,
  clock: undefined,
}
const BULLETIN = Buffer.from('the bulletin')
const SIREN = Buffer.from('the siren')
const WORDS = Buffer.from('the words')
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const bulletin = (change: Partial<RundownEntry> = {}): RundownEntry => entry({ hash: hashOf(BULLETIN), ...change })
const alert = (change: Partial<RundownEntry> = {}): RundownEntry =>
  entry({
    airingId: 'alert',
    title: '暴雨红色预警',
    class: 'alert',
    precedence: '1',
    hash: hashOf(SIREN),
    seconds: 8,
    repeatEverySeconds: 60,
    untilAt: addSeconds(NOW, 300),
    ...change,
  })

describe('the loudspeaker', () => {
  let directory: string
  let now: string
  let memory: Memory
  let loudspeaker: Loudspeaker
  let shelf: Map<string, Buffer>
  let played: { sound: Sound; at: string; end: (ended?: Partial<Ended>) => Promise<void>; isStopped: boolean }[]
  let said: Receipt[][]
  let lines: string[]
  let throwing = ''
  let asked = 0
  const signer = passingSigner()
  let sequence = STATION.sequence

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'speaker-'))
    now = NOW
    shelf = new Map([BULLETIN, SIREN, WORDS].map((bytes) => [hashOf(bytes), bytes]))
    said = []
    lines = []
    asked = 0
    wake()
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  /** The loudspeaker is switched on; what it kept is on the disk. */
  const wake = (): void => {
    memory = openMemory(directory)
    played = []
    loudspeaker = createLoudspeaker({
      id: 'pole-1',
      memory,
      clock: () => now,
      askAnew: () => void asked++,
      sink: {
        name: 'test',
        play: (sound) => {
          if (throwing) throw new Error(throwing)
          const at = now
          const { promise, resolve } = Promise.withResolvers<Ended>()
          const heard = (): number => (Date.parse(now) - Date.parse(at)) / 1000
          const playing = {
            sound,
            at,
            isStopped: false,
            end: async (ended: Partial<Ended> = {}) => {
              resolve({ playedSeconds: heard(), fault: null, ...ended })
              await settle()
            },
          }
          played.push(playing)
          return { playedSeconds: heard, stop: () => ((playing.isStopped = true), heard()), ended: promise }
        },
      },
      fetchRecording: (hash) => {
        const bytes = shelf.get(hash)
        return bytes ? Promise.resolve(bytes) : Promise.reject(new Error('not there'))
      },
      testSound: 'test.mp3',
      reboot: () => void lines.push('rebooted'),
      tell: (line) => void lines.push(line),
    })
    loudspeaker.introduce({ ...STATION, publicKey: signer.publicKey })
  }

  const say = async (topic: string, body: Rundown | AlertsInForce | Command, key = signer): Promise<void> => {
    const envelope = { id: 'm', topic, sequence: ++sequence, issuedAt: now, expiresAt: addSeconds(now, 3600), body }
    loudspeaker.hear(topic, seal(envelope, key.sign), now)
    await settle()
  }
  const rundown = (entries: RundownEntry[]) =>
    say(topics.rundown(VILLAGE), { areaCode: VILLAGE, entries, holdHashes: [] })
  const alerts = (entries: RundownEntry[]) => say(topics.alert(VILLAGE), { areaCode: VILLAGE, entries })
  const at = async (second: number): Promise<void> => {
    now = addSeconds(NOW, second)
    loudspeaker.beat(now)
    await settle()
  }
  const kinds = (): string[] => memory.kept.receipts.map(({ kind, airingId }) => `${kind} ${airingId}`)
  const heardSeconds = (): number =>
    memory.kept.receipts.reduce((sum, { playedSeconds }) => sum + (playedSeconds ?? 0), 0)
  const connect = (): void =>
    loudspeaker.connected((topic, payload) => {
      if (topic === topics.receipt('pole-1')) said.push(receiptsFrom(payload))
      return Promise.resolve()
    }, now)

  it('fetches ahead, plays on time without the station, and keeps every receipt until it is acknowledged', async () => {
    await rundown([bulletin({ dueAt: addSeconds(NOW, 60) })])
    expect(memory.has(hashOf(BULLETIN))).toBe(true)
    await at(59.9)
    expect(played).toEqual([])
    await at(60)
    expect(played[0]!.sound).toMatchObject({ airingId: 'a1', fromSeconds: 0, volume: 64 })
    now = addSeconds(NOW, 80)
    await played[0]!.end()
    expect(kinds()).toEqual(['fetched a1', 'started a1', 'finished a1'])
    connect()
    expect(said).toEqual([memory.kept.receipts])
    expect(said[0]![2]).toMatchObject({ kind: 'finished', playedSeconds: 20 })
    await at(90)
    expect(said).toHaveLength(1)
    await at(101)
    expect(said).toHaveLength(2)
    await say(topics.command('pole-1'), { kind: 'acknowledge', receiptIds: said[0]!.map((each) => each.receiptId) })
    expect(memory.kept.receipts).toEqual([])
    await at(200)
    expect(said).toHaveLength(2)
    expect(played).toHaveLength(1)
  })

  it('a power cut in the middle of a play resumes it where it was, and says all receipts afterwards', async () => {
    await rundown([bulletin()])
    await at(12)
    wake()
    await at(30)
    expect(played[0]!.sound.fromSeconds).toBe(12)
    now = addSeconds(NOW, 38)
    await played[0]!.end()
    wake()
    await at(60)
    expect(played).toEqual([])
    connect()
    expect(said[0]!.map((each) => each.kind)).toEqual(['fetched', 'started', 'pre-empted', 'started', 'finished'])
    // What sounded before the cut, as far as it was written down, and after it.
    expect(heardSeconds()).toBe(12 + 8)
  })

  it('switched off in the middle of a play, its receipts add up to what sounded', async () => {
    await rundown([bulletin()])
    await at(13)
    loudspeaker.stop()
    wake()
    await at(30)
    expect(played[0]!.sound.fromSeconds).toBe(13)
    now = addSeconds(NOW, 37)
    await played[0]!.end()
    expect(heardSeconds()).toBe(13 + 7)
  })

  it('a recording that has rotted on the disk is fetched again, and heard', async () => {
    await rundown([bulletin({ dueAt: addSeconds(NOW, 10) })])
    const file = memory.fileOf(hashOf(BULLETIN))
    writeFileSync(file, Buffer.alloc(BULLETIN.length))
    await at(10)
    await played[0]!.end({ fault: 'no MP3', playedSeconds: 0 })
    expect(readFileSync(file)).toEqual(BULLETIN)
    expect(played).toHaveLength(2)
    // Half of it is left, which a player takes for a short recording.
    writeFileSync(file, BULLETIN.subarray(0, 4))
    now = addSeconds(NOW, 15)
    await played[1]!.end()
    expect(readFileSync(file)).toEqual(BULLETIN)
    now = addSeconds(NOW, 35)
    await played[2]!.end()
    await at(36)
    expect(played).toHaveLength(3)
    expect(kinds()).toEqual(
      ['fetched', 'started', 'failed', 'started', 'failed', 'started', 'finished'].map((kind) => `${kind} a1`),
    )
  })

  it('a full disk silences nothing, and what it did not take is written when there is room', async () => {
    await alerts([])
    await rundown([bulletin({ dueAt: addSeconds(NOW, 10) })])
    const { save } = memory
    memory.save = () => {
      throw new Error('ENOSPC: no space left on device')
    }
    await at(10)
    await alerts([alert()])
    expect(played.map(({ sound }) => sound.airingId)).toEqual(['a1', 'alert'])
    expect(lines.filter((line) => line.includes('ENOSPC'))).toHaveLength(1)
    memory.save = save
    await at(21)
    wake()
    expect(kinds()).toContain('started alert')
  })

  it('a sink that throws is a failed play, and the next beat goes on', async () => {
    throwing = 'no such device'
    await rundown([bulletin()])
    expect(memory.kept.receipts.at(-1)).toMatchObject({ kind: 'failed', reason: 'no such device' })
    throwing = ''
    await alerts([alert()])
    expect(played[0]!.sound.airingId).toBe('alert')
  })

  it('what could not be written leaves nothing behind', () => {
    const file = memory.fileOf(hashOf(SIREN))
    mkdirSync(file)
    expect(() => memory.keep(hashOf(SIREN), SIREN)).toThrow()
    expect(memory.has(hashOf(SIREN))).toBe(false)
    expect(readdirSync(join(directory, 'recordings'))).toEqual([`${hashOf(SIREN)}.mp3`])
  })

  it('an alert cuts in at once, repeats, holds the air in between, and gives it back', async () => {
    await rundown([bulletin()])
    await at(5)
    await alerts([alert()])
    expect(played.map(({ sound }) => sound.airingId)).toEqual(['a1', 'alert'])
    expect(played[0]!.isStopped).toBe(true)
    // An alert is as loud as the station says, whatever the volume is set to.
    expect(played[1]!.sound.volume).toBe(80)
    now = addSeconds(NOW, 13)
    await played[1]!.end()
    await at(30)
    expect(played).toHaveLength(2)
    await at(65)
    expect(played[2]!.sound).toMatchObject({ airingId: 'alert', fromSeconds: 0 })
    now = addSeconds(NOW, 67)
    await alerts([])
    expect(played[2]!.isStopped).toBe(true)
    expect(played[3]!.sound).toMatchObject({ airingId: 'a1', fromSeconds: 5 })
    expect(memory.kept.receipts.map((each) => [each.kind, each.airingId, each.playedSeconds, each.reason])).toEqual([
      ['fetched', 'a1', null, null],
      ['started', 'a1', null, null],
      ['fetched', 'alert', null, null],
      ['pre-empted', 'a1', 5, 'by alert'],
      ['started', 'alert', null, null],
      ['finished', 'alert', 8, null],
      ['started', 'alert', null, null],
      ['pre-empted', 'alert', 2, 'withdrawn'],
      ['started', 'a1', null, null],
    ])
  })

  it('the words of an alert follow the siren at once when they are spoken, and until then the siren stands for them', async () => {
    await alerts([alert()])
    shelf.delete(hashOf(WORDS))
    await alerts([alert({ hash: hashOf(WORDS), seconds: 15 })])
    now = addSeconds(NOW, 8)
    await played[0]!.end()
    expect(played).toHaveLength(1)
    shelf.set(hashOf(WORDS), WORDS)
    await at(12)
    await at(13)
    expect(played[1]!.sound.hash).toBe(hashOf(WORDS))
  })

  it('an alert ends at its end, without a word from the station', async () => {
    await alerts([alert({ untilAt: addSeconds(NOW, 5) })])
    await at(4.9)
    expect(played[0]!.isStopped).toBe(false)
    await at(5)
    expect(played[0]!.isStopped).toBe(true)
    expect(memory.kept.receipts.at(-1)).toMatchObject({ kind: 'pre-empted', reason: 'its end', playedSeconds: 5 })
  })

  it('what was taken back falls silent; what is nearly over is heard to its end', async () => {
    await rundown([bulletin()])
    await at(5)
    await rundown([])
    expect(played[0]!.isStopped).toBe(true)
    await rundown([bulletin({ airingId: 'a2', dueAt: addSeconds(NOW, 100) })])
    await at(100)
    await at(115)
    await rundown([])
    expect(played[1]!.isStopped).toBe(false)
    now = addSeconds(NOW, 120)
    await played[1]!.end()
    expect(kinds().at(-1)).toBe('finished a2')
  })

  it('what could not be heard in its window is told, with the reason', async () => {
    shelf.clear()
    await rundown([bulletin({ airingId: 'lost', hash: hashOf(WORDS), untilAt: addSeconds(NOW, 10) })])
    await at(10)
    expect(memory.kept.receipts.at(-1)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('fetched') })
    shelf.set(hashOf(SIREN), SIREN).set(hashOf(BULLETIN), BULLETIN)
    await alerts([alert()])
    await rundown([bulletin({ airingId: 'late', dueAt: now, untilAt: addSeconds(NOW, 20) })])
    await at(20)
    expect(memory.kept.receipts.at(-1)).toMatchObject({ airingId: 'late', kind: 'pre-empted', reason: 'by alert' })
    expect(kinds().filter((each) => each.endsWith('late'))).toEqual(['fetched late', 'pre-empted late'])
  })

  it('a recording whose bytes do not have its hash is never played', async () => {
    shelf.set(hashOf(BULLETIN), WORDS)
    await rundown([bulletin()])
    await at(1)
    expect(played).toEqual([])
    expect(lines.join()).toContain('do not have its hash')
  })

  it('a player that fails is told, and the bulletin is not begun for ever', async () => {
    await rundown([bulletin()])
    await played[0]!.end({ fault: 'no sound card', playedSeconds: 0 })
    await at(1)
    expect(played).toHaveLength(1)
    expect(memory.kept.receipts.at(-1)).toMatchObject({ kind: 'failed', reason: 'no sound card' })
  })

  it('obeys nobody but its station: unsigned, forged, replayed and misdirected messages change nothing', async () => {
    const forged = passingSigner()
    await say(topics.alert(VILLAGE), { areaCode: VILLAGE, entries: [alert()] }, forged)
    loudspeaker.hear(topics.alert(VILLAGE), Buffer.from('{}'), now)
    await alerts([])
    const body = { areaCode: VILLAGE, entries: [alert()] }
    const old = {
      id: 'm',
      topic: topics.alert(VILLAGE),
      sequence: sequence - 1,
      issuedAt: now,
      expiresAt: addSeconds(now, 60),
    }
    loudspeaker.hear(topics.alert(VILLAGE), seal({ ...old, body }, signer.sign), now)
    const elsewhere = { ...old, sequence: sequence + 1, topic: topics.alert('370799001201') }
    loudspeaker.hear(topics.alert(VILLAGE), seal({ ...elsewhere, body }, signer.sign), now)
    loudspeaker.hear('something/else', Buffer.from('x'), now)
    expect(played).toEqual([])
    expect(lines.filter((line) => line.startsWith('refused'))).toHaveLength(4)
  })

  it('believes a station that was restored and has proved it, and forgets areas it was moved away from', async () => {
    await rundown([bulletin({ dueAt: addSeconds(NOW, 60) })])
    await alerts([])
    sequence = 5
    await alerts([alert()])
    expect(played).toEqual([])
    loudspeaker.introduce({ ...STATION, sequence: 4, publicKey: signer.publicKey })
    await rundown([])
    expect(memory.kept.rundowns[VILLAGE]!.entries).toEqual([])
    loudspeaker.introduce({ ...STATION, areaCodes: ['370799002200'], publicKey: signer.publicKey })
    expect(memory.kept.rundowns).toEqual({})
  })

  it('asks its station anew when a message is refused for its time or its sequence, and again until it is answered', async () => {
    const signed = (change: object) => {
      const topic = topics.alert(VILLAGE)
      const body = { areaCode: VILLAGE, entries: [alert()] }
      const envelope = { id: 'm', topic, sequence: ++sequence, issuedAt: now, expiresAt: addSeconds(now, 60), body }
      return seal({ ...envelope, ...change }, signer.sign)
    }
    const hear = (change: object) => loudspeaker.hear(topics.alert(VILLAGE), signed(change), now)
    loudspeaker.hear(topics.alert(VILLAGE), Buffer.from('nobody signed this'), now)
    expect(asked).toBe(0)
    const ahead = { issuedAt: addSeconds(now, 600), expiresAt: addSeconds(now, 660) }
    hear(ahead)
    hear(ahead)
    expect(asked).toBe(1)
    await at(9)
    expect(asked).toBe(1)
    await at(10)
    expect(asked).toBe(2)
    const stationNow = addSeconds(now, 600)
    const answer = { ...STATION, publicKey: signer.publicKey }
    const clock = { askedAt: Date.parse(now) - 100, answeredAt: Date.parse(now) + 100, now: stationNow }
    expect(loudspeaker.introduce({ ...answer, clock })).toBe(true)
    expect(memory.kept.clockOffsetMilliseconds).toBe(600_000)
    // What the answer doesn't explain is refused for good: nothing is subscribed to again.
    hear({ issuedAt: addSeconds(now, -60), expiresAt: addSeconds(now, -1) })
    await at(20)
    expect(asked).toBe(3)
    expect(loudspeaker.introduce({ ...answer, clock })).toBe(false)
    await at(40)
    expect(asked).toBe(3)
    now = stationNow
    await alerts([alert({ untilAt: addSeconds(now, 300) })])
    expect(played.map(({ sound }) => sound.airingId)).toEqual(['alert'])
  })

  it('a restored station is believed from its present start on, and not what it signed before', async () => {
    const topic = topics.alert(VILLAGE)
    const signed = (sequence: number, entries: RundownEntry[]) => {
      const body = { areaCode: VILLAGE, entries }
      return seal({ id: 'm', topic, sequence, issuedAt: now, expiresAt: addSeconds(now, 3600), body }, signer.sign)
    }
    const [old, present] = [signed(1_900_000_000, [alert({ airingId: 'old' })]), signed(2_000_000_001, [alert()])]
    loudspeaker.hear(topic, signed(5_000_000_007, []), now)
    loudspeaker.hear(topic, present, now)
    expect(played).toEqual([])
    expect(asked).toBe(1)
    const answer = { ...STATION, subscribe: [topic], sequence: 2_000_000_001, publicKey: signer.publicKey }
    expect(loudspeaker.introduce(answer)).toBe(true)
    loudspeaker.hear(topic, old, now)
    loudspeaker.hear(topic, present, now)
    await settle()
    expect(played.map(({ sound }) => sound.airingId)).toEqual(['alert'])
  })

  it('one part of a beat that fails keeps none of the others from happening', async () => {
    memory.keepOnly = () => {
      throw new Error('the disk is gone')
    }
    await rundown([bulletin({ dueAt: addSeconds(NOW, 3601), untilAt: addSeconds(NOW, 3700) })])
    await at(3601)
    expect(played).toHaveLength(1)
    expect(lines).toContain('in trouble: the disk is gone')
  })

  it('orders change the volume, sound a test, and start it anew', async () => {
    await say(topics.command('pole-1'), { kind: 'volume', volume: 25 })
    expect(memory.kept.volume).toBe(25)
    await say(topics.command('pole-1'), { kind: 'test' })
    expect(played[0]!.sound).toMatchObject({ airingId: 'test', volume: 25 })
    await rundown([bulletin()])
    expect(played[0]!.isStopped).toBe(true)
    expect(played[1]!.sound).toMatchObject({ airingId: 'a1', volume: 20 })
    await say(topics.command('pole-1'), { kind: 'reboot' })
    expect(lines).toContain('rebooted')
  })

  it('a broken memory is set aside, and the loudspeaker begins anew', () => {
    memory.save()
    writeFileSync(join(directory, 'loudspeaker.json'), '{"volume":')
    wake()
    expect(memory.kept.volume).toBe(80)
    expect(readFileSync(join(directory, 'loudspeaker.json.broken'), 'utf8')).toBe('{"volume":')
  })
})

/** Lets what was promised happen: fetches and ends of plays take a few turns. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}
