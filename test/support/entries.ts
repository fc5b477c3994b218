import type { RundownEntry } from '../../src/codecs/speaker-link.ts'
import { addSeconds, type Instant } from '../../src/instant.ts'

export const NOW: Instant = '2026-11-22T00:00:00.000Z'

/** An entry of a rundown: a bulletin of 20 s, due now, with ten minutes to begin in. */
export function entry(change: Partial<RundownEntry> = {}): RundownEntry {
  return {
    airingId: 'a1',
    areaCode: '370799001200',
    title: '早间新闻',
    class: 'daily',
    precedence: '5',
    dueAt: NOW,
    untilAt: addSeconds(NOW, 600),
    hash: 'ab'.repeat(32),
    seconds: 20,
    repeatEverySeconds: null,
    afterPreemption: 'resume',
    volume: 80,
    ...change,
  }
}
