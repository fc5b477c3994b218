import type { Dialect, Speech, Voice, VoiceName } from '../equipment/voice.ts'
import { addSeconds, type Instant } from '../instant.ts'

/**
 * Who is asked to speak, as one word: `best` asks in order of quality, `fastest` asks the voice that is always there first (for
 * an emergency), a voice's name asks it first, a dialect asks for it of the voice that knows it.
 */
export const voiceChoices = [
  'best',
  'fastest',
  'edge',
  'sherpa',
  'espeak',
  'northeastern',
  'shaanxi',
  'cantonese',
  'taiwan',
] as const
export type VoiceChoice = (typeof voiceChoices)[number]

export type Deadline = { seconds: number; secondsPerCharacter: number }
export type Deadlines = Record<VoiceName, Deadline>

/** How long each voice may take before the next is asked. The last one computes at about a hundred times the pace of speech. */
export const DEADLINES: Deadlines = {
  edge: { seconds: 8, secondsPerCharacter: 0.03 },
  sherpa: { seconds: 20, secondsPerCharacter: 0.3 },
  espeak: { seconds: 20, secondsPerCharacter: 0.05 },
}

/** A voice that failed is asked last for this long, doubling with each further failure, so that bulletins don't wait for it each time. */
export const FIRST_REST_SECONDS = 60
export const REST_LIMIT_SECONDS = 1800

/** What one voice made of a script, with those that were asked before it and why they did not speak. */
export type Spoken<T> = { voice: VoiceName; made: T; passedOver: PassedOver[] }
export type PassedOver = { voice: VoiceName; reason: string }

export type Voices = ReturnType<typeof createVoices>

/** `voices` are in order of quality. */
export function createVoices(voices: Voice[], deadlines: Deadlines = DEADLINES) {
  const failures = new Map<VoiceName, { count: number; restsUntil: Instant }>()

  const inOrder = (choice: VoiceChoice, now: Instant): Voice[] => {
    const order = choice === 'fastest' ? voices.toReversed() : [...voices]
    const rank = (voice: Voice): number => {
      const rest = failures.get(voice.name)
      if (rest && rest.restsUntil > now) return 2
      return voice.name === choice ? 0 : 1
    }
    return order.sort((a, b) => rank(a) - rank(b))
  }

  return {
    /**
     * Asks one voice after another until one has spoken and `accept` has made something of its audio. Throws an `Error` that
     * names every voice and its reason when none has, or the signal's reason when it was given.
     */
    speak: async <T>(
      script: string,
      choice: VoiceChoice,
      accept: (speech: Speech, signal: AbortSignal) => Promise<T>,
      now: Instant,
      signal: AbortSignal,
    ): Promise<Spoken<T>> => {
      const passedOver: PassedOver[] = []
      for (const voice of inOrder(choice, now)) {
        const { seconds, secondsPerCharacter } = deadlines[voice.name]
        const allowed = seconds + secondsPerCharacter * script.length
        try {
          const made = await within(allowed, signal, async (inner) =>
            accept(await voice.speak(script, dialectOf(choice), inner), inner),
          )
          failures.delete(voice.name)
          return { voice: voice.name, made, passedOver }
        } catch (error) {
          signal.throwIfAborted()
          const count = (failures.get(voice.name)?.count ?? 0) + 1
          const rest = Math.min(REST_LIMIT_SECONDS, FIRST_REST_SECONDS * 2 ** (count - 1))
          failures.set(voice.name, { count, restsUntil: addSeconds(now, rest) })
          passedOver.push({ voice: voice.name, reason: (error as Error).message })
        }
      }
      throw new Error(passedOver.length === 0 ? 'there is no voice' : inWords(passedOver))
    },

    names: (): VoiceName[] => voices.map((voice) => voice.name),

    /** Which voices answer now, and why the others don't. */
    inspect: async (): Promise<{ voice: VoiceName; fault: string | null }[]> =>
      Promise.all(voices.map(async (voice) => ({ voice: voice.name, fault: await voice.inspect() }))),

    close: async (): Promise<void> => void (await Promise.all(voices.map((voice) => voice.close()))),
  }
}

export function inWords(passedOver: PassedOver[]): string {
  return passedOver.map(({ voice, reason }) => `${voice}: ${reason}`).join('; ')
}

function dialectOf(choice: VoiceChoice): { dialect?: Dialect } {
  const known: readonly string[] = ['northeastern', 'shaanxi', 'cantonese', 'taiwan'] satisfies Dialect[]
  return known.includes(choice) ? { dialect: choice as Dialect } : {}
}

/** Does the work until it ends, its time is up or the signal is given, also when the work listens to no signal. */
async function within<T>(seconds: number, outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  outer.throwIfAborted()
  const controller = new AbortController()
  const stop = Promise.withResolvers<never>()
  const end = (reason: unknown): void => {
    controller.abort(reason)
    stop.reject(reason)
  }
  const timer = setTimeout(() => end(new Error(`not finished after ${seconds.toFixed(1)} s`)), seconds * 1000)
  const onAbort = (): void => end(outer.reason)
  outer.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work(controller.signal), stop.promise])
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', onAbort)
  }
}
