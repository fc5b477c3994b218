import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ffmpegEncoder } from '../../src/equipment/encoder.ts'

export type FilmShape = { width: number; height: number; seconds: number; blackSeconds: number; isMute?: boolean }

/** A film as a telephone makes it, head first: black, then a test picture, with a tone unless it is mute. */
export async function filmOf({ width, height, seconds, blackSeconds, isMute = false }: FilmShape): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), 'xiangyin-film-'))
  const output = join(directory, 'film.mp4')
  const size = `${width}x${height}`
  try {
    await ffmpegEncoder().run({
      inputs: [
        { source: `testsrc=s=${size}:r=15:d=${seconds}`, options: ['-f', 'lavfi'] },
        ...(isMute ? [] : [{ source: `sine=d=${seconds}`, options: ['-f', 'lavfi'] }]),
      ],
      options: [
        '-vf',
        `drawbox=t=fill:c=black:enable='lt(t,${blackSeconds})'`,
        ...'-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 15'.split(' '),
        ...(isMute ? [] : ['-c:a', 'aac']),
        ...'-movflags +faststart -f mp4'.split(' '),
      ],
      output,
      deadlineSeconds: 30,
    })
    return await readFile(output)
  } finally {
    await rm(directory, { recursive: true })
  }
}
