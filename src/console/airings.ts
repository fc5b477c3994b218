import { answer, api } from './client.ts'

export async function fetchRundown(query: { area?: string; date?: string; inside?: 'yes' | 'no' }) {
  return answer(api.rundown.$get({ query }))
}

export type Airing = Awaited<ReturnType<typeof fetchRundown>>['airings'][number]

/** The state as an operator says it: what expired without having been heard was missed. */
export function stateOf(airing: { state: Airing['state']; startedAt: string | null }): string {
  return airing.state === 'expired' && airing.startedAt === null ? 'missed' : airing.state
}

/** When it sounds or sounded, in milliseconds: from its start, or its time, to its end, or as long as it is planned. An alert holds the air until its end. */
export function spanOf(airing: Airing): { from: number; to: number } {
  const from = Date.parse(airing.startedAt ?? airing.dueAt)
  if (airing.endedAt !== null) return { from, to: Math.max(from, Date.parse(airing.endedAt)) }
  if (airing.repeatEverySeconds !== null) return { from, to: Date.parse(airing.untilAt) }
  return { from, to: from + Math.max(airing.plannedSeconds - airing.playedSeconds, airing.plannedSeconds, 1) * 1000 }
}
