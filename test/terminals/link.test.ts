import { beforeEach, describe, expect, it } from 'vitest'
import { alertsFrom, commandFrom, open, publicKeyFrom, rundownFrom, topics } from '../../src/codecs/speaker-link.ts'
import { passingSigner } from '../../src/equipment/signer.ts'
import { addSeconds } from '../../src/instant.ts'
import { createLink, type ReceiptBatch } from '../../src/terminals/link.ts'
import { entry } from '../support/entries.ts'
import { rememberingBroker, type RememberingBroker } from '../support/broker.ts'
import { OTHER_VILLAGE, START, testStation, VILLAGE, type TestStation } from '../support/station.ts'

const STATE = { state: 'online', playing: null, volume: 70, version: '1.0.0', freeBytes: 1000 }

describe('the speaker link at the station', () => {
  let test: TestStation
  let broker: RememberingBroker
  let link: Awaited<ReturnType<typeof createLink>>
  let received: ReceiptBatch[]
  let commits: number[]
  let disk: 'well' | 'full'
  /** Whether the broker is connected and answers nothing, and what it has not answered. */
  let isMute: boolean
  let unanswered: number
  const signer = passingSigner()
  const publicKey = publicKeyFrom(signer.publicKey)

  beforeEach(async () => {
    test = await testStation()
    broker = rememberingBroker()
    received = []
    commits = []
    disk = 'well'
    isMute = false
    unanswered = 0
    link = await begin()
    const row = { line: 1, kind: 'loudspeaker' as const, areaCode: VILLAGE }
    const terminals = ['pole-1', 'pole-2'].map((id) => ({ ...row, id, name: id }))
    await test.station.terminals.import('station', { terminals, faults: [] }, START)
  })

  const begin = async () => {
    const { station, clock } = test
    const made = await broker.make({ admit: async () => undefined, refused: () => undefined })
    const publish: typeof made.publish = (...message) => {
      if (!isMute) return made.publish(...message)
      unanswered++
      return new Promise(() => undefined)
    }
    return createLink({
      db: station.db,
      broker: { ...made, publish },
      publishDeadlineMilliseconds: 20,
      signer,
      dice: { id: () => 'id', secret: () => 'secret' },
      clock: clock.now,
      journal: {
        info: () => undefined,
        warn: (message, fields = {}) => void test.notes.push({ level: 'warn', message, fields }),
        error: (message, fields = {}) => void test.notes.push({ level: 'error', message, fields }),
      },
      receive: async (batches) => {
        if (disk === 'full') throw new Error('no space left')
        received.push(...batches)
        commits.push(batches.reduce((sum, batch) => sum + batch.receipts.length, 0))
      },
    })
  }

  const opened = (at: number, lastSequence = 0) => {
    const { topic, payload } = broker.sent.at(at)!
    return open(payload, { topic, publicKey, lastSequence, now: test.clock.now() })!
  }
  const terminal = (id: string) => test.station.terminals.terminal(id)
  const receipt = (receiptId: string) => ({
    receiptId,
    airingId: 'a1',
    kind: 'started',
    at: START,
    playedSeconds: null,
    reason: null,
  })

  it('a rundown and the alerts of an area are signed and kept by the broker', async () => {
    const rundown = { areaCode: VILLAGE, entries: [entry()], holdHashes: [] }
    expect(await link.publishRundown(rundown, START)).toBe(true)
    expect(broker.sent[0]).toMatchObject({ topic: topics.rundown(VILLAGE), isRetained: true })
    expect(rundownFrom(opened(0).body)).toEqual(rundown)
    await link.publishAlerts({ areaCode: VILLAGE, entries: [entry({ class: 'alert' })] }, START)
    expect(alertsFrom(opened(1).body).entries).toHaveLength(1)
    expect(opened(1).expiresAt).toBe(entry().untilAt)
    await link.publishAlerts({ areaCode: VILLAGE, entries: [] }, START)
    expect(alertsFrom(opened(2, opened(1).sequence).body).entries).toEqual([])
  })

  it('what has been said and still holds is not said again', async () => {
    const rundown = { areaCode: VILLAGE, entries: [entry()], holdHashes: [] }
    await link.publishRundown(rundown, START)
    await link.publishRundown(rundown, test.clock.push(60))
    expect(broker.sent).toHaveLength(1)
    await link.tick(test.clock.push(25 * 3600))
    expect(broker.sent).toHaveLength(2)
    expect(opened(1).expiresAt).toBe(addSeconds(test.clock.now(), 48 * 3600))
  })

  it('sequences grow through a restart, even when the clock is set back', async () => {
    await link.publishRundown({ areaCode: VILLAGE, entries: [], holdHashes: [] }, START)
    const before = opened(0).sequence
    test.clock.push(-600)
    link = await begin()
    await link.publishRundown({ areaCode: VILLAGE, entries: [], holdHashes: [] }, test.clock.now())
    expect(opened(1).sequence).toBeGreaterThan(before)
  })

  it('a broker that was away is told everything that is kept when it is back', async () => {
    broker.setConnected(false)
    expect(await link.publishAlerts({ areaCode: VILLAGE, entries: [entry()] }, START)).toBe(false)
    await link.publishRundown({ areaCode: VILLAGE, entries: [], holdHashes: [] }, START)
    expect(broker.sent).toEqual([])
    broker.setConnected(true)
    await link.tick(test.clock.push(1))
    expect(new Set(broker.sent.map((each) => each.topic))).toEqual(
      new Set([topics.alert(VILLAGE), topics.rundown(VILLAGE)]),
    )
  })

  it('receipts are kept together, then acknowledged to each terminal', async () => {
    broker.arrive(topics.receipt('pole-1'), { receipts: [receipt('r1'), receipt('r2')] })
    broker.arrive(topics.receipt('pole-2'), { receipts: [receipt('r1')] })
    broker.arrive(topics.receipt('pole-1'), { receipts: [receipt('r3')] })
    await link.settle()
    expect(received.map((batch) => [batch.terminalId, batch.receipts.map((each) => each.receiptId)])).toEqual([
      ['pole-1', ['r1', 'r2', 'r3']],
      ['pole-2', ['r1']],
    ])
    expect(broker.sent.map((each) => [each.topic, each.isRetained])).toEqual([
      [topics.command('pole-1'), false],
      [topics.command('pole-2'), false],
    ])
    expect(commandFrom(opened(0).body)).toEqual({ kind: 'acknowledge', receiptIds: ['r1', 'r2', 'r3'] })
  })

  it('a broker that is connected and never answers holds up no beat, and is told all by the beat after it answers', async () => {
    isMute = true
    const villages = [VILLAGE, OTHER_VILLAGE]
    const published = villages.map((areaCode) => link.publishRundown({ areaCode, entries: [], holdHashes: [] }, START))
    expect(await Promise.all(published)).toEqual([false, false])
    expect(test.notes.at(-1)).toMatchObject({ fields: { reason: expect.stringContaining('did not answer in time') } })
    await link.tick(test.clock.push(1))
    expect(unanswered).toBe(3)
    expect(await link.command('pole-1', { kind: 'test' }, test.clock.now())).toBe(false)
    isMute = false
    await link.tick(test.clock.push(1))
    expect(broker.sent.map((each) => each.topic)).toEqual(villages.map(topics.rundown))
  }, 2000)

  it('a broker that comes back and fails again while it is told is told the rest by the next beat', async () => {
    const villages = [VILLAGE, OTHER_VILLAGE]
    for (const areaCode of villages) await link.publishRundown({ areaCode, entries: [], holdHashes: [] }, START)
    isMute = true
    broker.setConnected(false)
    broker.setConnected(true)
    isMute = false
    await link.tick(test.clock.push(1))
    expect(broker.sent.slice(2).map((each) => each.topic)).toEqual(villages.map(topics.rundown))
  })

  it('what is not acknowledged because the broker never answers is not waited for one by one', async () => {
    isMute = true
    broker.arrive(topics.receipt('pole-1'), { receipts: [receipt('r1')] })
    broker.arrive(topics.receipt('pole-2'), { receipts: [receipt('r1')] })
    await link.settle()
    expect(received).toHaveLength(2)
    expect(unanswered).toBe(1)
  }, 2000)

  it('a terminal that was away for long is acknowledged in messages that it can take', async () => {
    for (let batch = 0; batch < 11; batch++) {
      const receipts = Array.from({ length: 100 }, (_, index) => receipt(`r${batch * 100 + index}`))
      broker.arrive(topics.receipt('pole-1'), { receipts })
    }
    await link.settle()
    const acknowledged = broker.sent.map((_, index) => commandFrom(opened(index).body))
    expect(acknowledged.flatMap((each) => (each.kind === 'acknowledge' ? each.receiptIds : []))).toHaveLength(1100)
  })

  it('the receipts of many that were away are kept about a thousand at a time', async () => {
    for (let message = 0; message < 45; message++) {
      const receipts = Array.from({ length: 100 }, (_, index) => receipt(`r${message * 100 + index}`))
      broker.arrive(topics.receipt(`pole-${(message % 2) + 1}`), { receipts })
    }
    await link.settle()
    expect(commits).toEqual([1000, 1000, 1000, 1000, 500])
  })

  it('receipts that were not committed are not acknowledged, and are taken when they come again', async () => {
    disk = 'full'
    broker.arrive(topics.receipt('pole-1'), { receipts: [receipt('r1')] })
    await link.settle()
    expect(broker.sent).toEqual([])
    expect(test.notes.at(-1)).toMatchObject({ level: 'error', message: 'receipts were not kept' })
    disk = 'well'
    broker.arrive(topics.receipt('pole-1'), { receipts: [receipt('r1')] })
    await link.settle()
    expect(received).toHaveLength(1)
    expect(broker.sent).toHaveLength(1)
  })

  it('garbage, strangers and oversized messages change nothing, and are noted within a limit', async () => {
    const before = await terminal('pole-1')
    broker.arrive(topics.receipt('pole-1'), 'not json')
    broker.arrive(topics.receipt('pole-1'), { receipts: [{ ...receipt('r1'), at: 'soon' }] })
    broker.arrive(topics.receipt('pole-1'), Buffer.alloc(100_000))
    broker.arrive(topics.receipt('stranger'), { receipts: [receipt('r1')] })
    broker.arrive(topics.state('pole-1'), { ...STATE, volume: 900 })
    for (let count = 0; count < 1000; count++) broker.arrive(topics.state('pole-1'), '')
    await link.settle()
    expect(received).toEqual([])
    expect(await terminal('pole-1')).toEqual(before)
    expect(test.notes.length).toBeLessThan(50)
    expect(test.notes[0]).toMatchObject({ fields: { name: 'pole-1' } })
  })

  it('a terminal is online when it says so, offline by its last will, and silent when nothing comes', async () => {
    broker.arrive(topics.state('pole-1'), STATE)
    broker.arrive(topics.state('pole-2'), STATE)
    await link.settle()
    expect(await terminal('pole-1')).toMatchObject({ state: 'online', volume: 70, lastSeenAt: START })
    broker.arrive(topics.state('pole-1'), { ...STATE, state: 'offline' })
    await link.settle()
    expect(await terminal('pole-1')).toMatchObject({ state: 'offline', lastSeenAt: START })
    await link.tick(test.clock.push(149))
    expect(await terminal('pole-2')).toMatchObject({ state: 'online' })
    await link.tick(test.clock.push(12))
    expect(await terminal('pole-2')).toMatchObject({ state: 'offline' })
    expect(test.notes.at(-1)).toMatchObject({ message: 'loudspeakers fell silent', fields: { count: 1 } })
  })

  it('a state that the broker kept from before makes nobody online', async () => {
    broker.arrive(topics.state('pole-1'), STATE, true)
    await link.settle()
    expect(await terminal('pole-1')).toMatchObject({ state: 'new' })
  })

  it('an order reaches a loudspeaker that is there, and is refused for one that isn’t', async () => {
    const operator = test.as('operator')
    expect((await operator('POST', '/api/terminals/pole-1/orders', { kind: 'test' })).status).toBe(409)
    test.broker.arrive(topics.state('pole-1'), STATE)
    await test.station.link.settle()
    const volume = { kind: 'volume', volume: 40 }
    expect((await operator('POST', '/api/terminals/pole-1/orders', volume)).status).toBe(202)
    const { topic, payload } = test.broker.sent.at(-1)!
    expect(topic).toBe(topics.command('pole-1'))
    expect(payload.toString()).toContain('"volume":40')
    expect((await operator('POST', '/api/terminals/pole-1/orders', { kind: 'volume', volume: 101 })).status).toBe(400)
    expect((await operator('POST', '/api/terminals/pole-1/orders', { kind: 'acknowledge' })).status).toBe(400)
    expect((await test.as('clerk')('POST', '/api/terminals/pole-1/orders', volume)).status).toBe(403)
    const { entries } = (await test.as('admin')('GET', '/api/audit?subject=terminal&subjectId=pole-1')).body
    expect(entries[0]).toMatchObject({ action: 'terminal.volume', after: volume })
  })
})
