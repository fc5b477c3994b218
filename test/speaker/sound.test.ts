import { execFile } from 'node:child_process'
import fc from 'fast-check'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { framesBetween, readMp3 } from '../../src/speaker/mp3.ts'
import { fileSink } from '../../src/speaker/sinks.ts'
import { NOW } from '../support/entries.ts'

const root = join(import.meta.dirname, '../..')
const file = join(root, 'src/speaker/test-tone.mp3')
const tone = readMp3(readFileSync(file))!
const directory = mkdtempSync(join(tmpdir(), 'sound-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the frames of an MP3', () => {
  it('take the time they take', () => {
    // 24 kHz: 576 samples a frame.
    expect(tone.frameSeconds).toBe(0.024)
    expect(tone.seconds).toBeCloseTo(2.2, 0)
  })

  it('of any spans that meet are the whole, each frame once', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 2.4, noNaN: true }), { maxLength: 8 }), (cuts) => {
        const ends = [0, ...cuts.toSorted((one, other) => one - other), tone.seconds]
        const spans = ends.slice(1).map((end, index) => framesBetween(tone, ends[index]!, end))
        expect(Buffer.concat(spans).equals(framesBetween(tone, 0, tone.seconds))).toBe(true)
      }),
    )
  })

  it('are found past a tag and past damage; what is no MP3 has none', () => {
    const bytes = readFileSync(file)
    const tag = Buffer.concat([Buffer.from('ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0005'), Buffer.from('hello')])
    expect(readMp3(Buffer.concat([tag, bytes]))!.seconds).toBe(tone.seconds)
    const damaged = Buffer.concat([Buffer.from('noise'), bytes, Buffer.from('TAG')])
    expect(readMp3(damaged)!.seconds).toBe(tone.seconds)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => readMp3(Buffer.from(noise))).not.toThrow()
      }),
    )
    expect(readMp3(Buffer.from(''))).toBeUndefined()
  })
})

describe('the file sink', () => {
  const sink = fileSink(directory, () => NOW)
  const sound = { airingId: 'a1', title: '试音', hash: '', file, volume: 80 }

  it('writes what sounds, in the time it takes, and when it began and ended', async () => {
    const fromSeconds = tone.seconds - 0.24
    const begun = performance.now()
    const { ended } = sink.play({ ...sound, fromSeconds })
    expect((await ended).playedSeconds).toBeCloseTo(0.24, 3)
    expect(performance.now() - begun).toBeGreaterThan(200)
    const heard = readMp3(readFileSync(join(directory, 'sound.mp3')))!
    expect(heard.seconds).toBeCloseTo(0.24, 3)
    const lines = readFileSync(join(directory, 'sound.jsonl'), 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { at: NOW, event: 'start', airingId: 'a1', byteOffset: 0 },
      { event: 'stop', byteOffset: heard.bytes.length },
    ])
  })

  it('falls silent at once when it is stopped, and names a recording that is gone', async () => {
    const before = readFileSync(join(directory, 'sound.mp3')).length
    expect(sink.play({ ...sound, fromSeconds: 0 }).stop()).toBeLessThan(0.1)
    expect(readFileSync(join(directory, 'sound.mp3')).length - before).toBeLessThan(2000)
    const gone = sink.play({ ...sound, file: join(directory, 'gone.mp3'), fromSeconds: 0 })
    expect((await gone.ended).fault).toContain('gone')
  })

  it('that cannot be written to is the fault of the play, and of nothing else', async () => {
    const shut = mkdtempSync(join(tmpdir(), 'sound-'))
    mkdirSync(join(shut, 'sound.mp3'))
    const { ended } = fileSink(shut, () => NOW).play({ ...sound, fromSeconds: 0 })
    expect((await ended).fault).toContain('EISDIR')
    expect(
      fileSink(shut, () => NOW)
        .play({ ...sound, fromSeconds: 0 })
        .stop(),
    ).toBeLessThan(0.1)
  })
})

function run(program: string, args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, program), ...args], (error, _, said) => {
      resolve({ code: Number(error?.code ?? 0), said })
    })
  })
}

describe('the command lines', () => {
  it('name every fault together', async () => {
    const [speaker, swarm] = await Promise.all([
      run('src/speaker/main.ts', ['--server', 'here', '--id', 'X', '--sink', 'loud', '--mqtt', 'http://x']),
      run('src/speaker/swarm.ts', ['--server', 'http://127.0.0.1', '--count', '0']),
    ])
    expect(speaker.code).toBe(1)
    for (const name of ['--server', '--id', '--secret', '--sink', '--mqtt']) expect(speaker.said).toContain(name)
    expect(speaker.said).toContain('--sink is "loud": give auto, file, null')
    expect(swarm.code).toBe(1)
    expect(swarm.said).toContain('--count is "0": give a whole number')
    expect(swarm.said).toContain('--credentials')
  })
})
