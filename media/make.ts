import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { atLevel } from '../src/bulletins/mixing.ts'
import { toPcm16 } from '../src/bulletins/sound.ts'
import { soundFiles, type SoundName } from '../src/bulletins/sounds.ts'
import { tones } from '../src/bulletins/tones.ts'
import { ffmpegEncoder, mp3Job } from '../src/equipment/encoder.ts'

/** Makes the shipped sounds anew: `node media/make.ts`. They are committed, so that a station needs no encoder to sound an alarm. */
const encoder = ffmpegEncoder()
for (const [name, file] of Object.entries(soundFiles)) {
  const { samples, sampleRate } = atLevel(tones[name as SoundName]())
  const path = join(import.meta.dirname, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, await encoder.run(mp3Job(toPcm16(samples), sampleRate)))
  console.log(file)
}
