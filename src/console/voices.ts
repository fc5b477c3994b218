import type { MessageKey } from './language.ts'

/** The voices and dialects that a bulletin may ask for. */
export const voices = ['best', 'edge', 'sherpa', 'espeak', 'northeastern', 'shaanxi', 'cantonese', 'taiwan'] as const

/** How often the station speaks a bulletin at most. */
export const REPEATS_LIMIT = 3

/** A voice by its name on the screen; one without a word there by the station's own. */
export function voiceWords(voice: string, t: (key: MessageKey) => string): string {
  const known = voices.find((each) => each === voice)
  return known ? t(`voice.${known}`) : voice
}
