import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ffmpegEncoder, mp3Job, pcmJob } from '../../src/equipment/encoder.ts'

const encoder = ffmpegEncoder()
const tone = Int16Array.from({ length: 44_100 }, (_, index) => 8000 * Math.sin(index / 16))
const pcm = new Uint8Array(tone.buffer)

/** The children of this process, by the name of their program. */
function children(): string[] {
  const table = execFileSync('ps', ['-o', 'comm=', '--ppid', String(process.pid)], { encoding: 'utf8' })
  return table.split('\n').filter((name) => name.includes('ffmpeg') || name.includes('nice'))
}

// Never ends by itself: an input that is read for ever.
const endless = {
  inputs: [{ source: '/dev/zero', options: ['-f', 's16le', '-ar', '8000'] }],
  options: ['-f', 's16le'],
  output: '/dev/null',
  deadlineSeconds: 60,
}

describe('encoder', () => {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-encoder-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  it('encodes and decodes: one second stays one second', async () => {
    const mp3 = await encoder.run(mp3Job(pcm, 44_100))
    expect(mp3.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfb]))
    const back = await encoder.run(pcmJob(mp3, 44_100))
    expect(back.length / 88_200).toBeCloseTo(1, 0)
  })

  it('writes files, and keeps options with spaces whole', async () => {
    const output = join(directory, 'with space.wav')
    await encoder.run({
      inputs: [{ source: pcm, options: ['-f', 's16le', '-ar', '44100'] }],
      options: ['-metadata', 'title=two words', '-f', 'wav'],
      output,
      deadlineSeconds: 20,
    })
    expect(readFileSync(output).subarray(0, 300).toString('latin1')).toContain('two words')
  })

  it('a failure carries the last words of ffmpeg', async () => {
    await expect(encoder.run(pcmJob(new Uint8Array(5000).fill(7), 44_100))).rejects.toThrow(/Invalid data/)
  })

  it('a deadline and a stop end the child, and none is left', async () => {
    await expect(encoder.run({ ...endless, deadlineSeconds: 0.3 })).rejects.toThrow(/not finished after 0.3 s/)
    expect(children()).toEqual([])
    const controller = new AbortController()
    const running = encoder.run(endless, controller.signal)
    setImmediate(() => controller.abort())
    await expect(running).rejects.toThrow(/stopped/)
    expect(children()).toEqual([])
    await expect(encoder.run(endless, AbortSignal.abort())).rejects.toThrow(/stopped/)
  })

  it('without a system ffmpeg the one from npm does the same work, and says so', async () => {
    const packaged = ffmpegEncoder('')
    const facts = await packaged.inspect()
    expect(facts).toMatchObject({ origin: 'package', fault: null })
    expect(facts.filters).toEqual(expect.arrayContaining(['loudnorm', 'ebur128']))
    expect((await packaged.run(mp3Job(pcm, 44_100))).length).toBeGreaterThan(7000)
  })
})
