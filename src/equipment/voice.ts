/** The dialects a bulletin may be spoken in; a voice that does not know one speaks Mandarin. */
export const dialects = ['mandarin', 'northeastern', 'shaanxi', 'cantonese', 'taiwan'] as const
export type Dialect = (typeof dialects)[number]

export type SpeakOptions = {
  dialect?: Dialect
  /** 1 is the station's pace, about 180 characters a minute, as is right outdoors. 0.7 to 1.5. */
  rate?: number
}

/**
 * Something that speaks. A script holds no digit and no Latin letter (`bulletins/script.ts` makes it so); its punctuation is its
 * pauses. Rejects with an `Error` that says why, and at once when the signal is given: the caller sets the deadline.
 */
export type Voice = {
  name: VoiceName
  speak: (script: string, options: SpeakOptions, signal: AbortSignal) => Promise<Speech>
  /** Says whether it could speak, without speaking: `null`, or what is missing and what to do about it. */
  inspect: () => Promise<string | null>
  close: () => Promise<void>
}

export type Speech = { audio: Uint8Array; mediaType: 'audio/wav' | 'audio/mpeg' }

/** In the order of quality: the neural voice on the network, the county's own model, the one that is always there. */
export const voiceNames = ['edge', 'sherpa', 'espeak'] as const
export type VoiceName = (typeof voiceNames)[number]

const WAV_HEADER_BYTES = 44

/** 16-bit PCM of one channel with the header of a WAV file before it. */
export function wavOf(pcm: Uint8Array, sampleRate: number): Uint8Array {
  const header = Buffer.alloc(WAV_HEADER_BYTES)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + pcm.length, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(sampleRate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(pcm.length, 40)
  return Buffer.concat([header, pcm])
}
