import { useWords } from '../screen.tsx'
import type { MessageKey } from '../language.ts'

type Tone = 'calm' | 'good' | 'air' | 'bad' | 'quiet' | 'plan'

/** Every state and class the station has words for, with the tone it is shown in. Cinnabar is kept for what is wrong or urgent. */
const TONES = {
  // airings and deliveries
  due: 'plan',
  planned: 'plan',
  'on-air': 'air',
  aired: 'good',
  'pre-empted': 'quiet',
  expired: 'quiet',
  missed: 'bad',
  failed: 'bad',
  sent: 'plan',
  fetched: 'calm',
  started: 'air',
  finished: 'good',
  // bulletins, recordings, schedules
  draft: 'quiet',
  ready: 'good',
  retired: 'quiet',
  pending: 'plan',
  active: 'good',
  paused: 'quiet',
  ended: 'quiet',
  // loudspeakers
  new: 'plan',
  online: 'good',
  offline: 'bad',
  revoked: 'quiet',
  // people
  enabled: 'good',
  disabled: 'quiet',
  // content and imports
  published: 'good',
  withdrawn: 'quiet',
  archived: 'quiet',
  running: 'plan',
  imported: 'good',
  // alerts
  approved: 'plan',
  issued: 'bad',
  updated: 'bad',
  cancelled: 'quiet',
  // duties
  'in-time': 'good',
  late: 'quiet',
  missing: 'bad',
} as const satisfies Record<string, Tone>

export type StateWord = keyof typeof TONES

export function isStateWord(word: string): word is StateWord {
  return word in TONES
}

/** A state as a coloured word, with a dot so that colour isn't the only difference. */
export function StateTag({ state }: { state: string }) {
  const { t } = useWords()
  const known = isStateWord(state)
  return (
    <span className={`state state-${known ? TONES[state] : 'quiet'}`}>
      <i aria-hidden="true" />
      {known ? t(`state.${state}` satisfies MessageKey) : state}
    </span>
  )
}

export function toneOf(state: string): Tone {
  return isStateWord(state) ? TONES[state] : 'quiet'
}
