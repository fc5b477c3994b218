import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sherpaModelOf, sherpaVoice } from '../../src/equipment/voice-sherpa.ts'

describe("the county's own voice", () => {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-sherpa-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  it('tells the kinds of model apart by their files', () => {
    expect(sherpaModelOf(['model.onnx', 'tokens.txt', 'lexicon.txt', 'date.fst', 'README.md'])).toEqual({
      kind: 'vits',
      files: { model: 'model.onnx', tokens: 'tokens.txt', lexicon: 'lexicon.txt' },
      rules: ['date.fst'],
    })
    expect(sherpaModelOf(['model-steps-3.onnx', 'vocos-22khz-univ.onnx', 'tokens.txt', 'lexicon.txt'])).toMatchObject({
      kind: 'matcha',
      files: { acousticModel: 'model-steps-3.onnx', vocoder: 'vocos-22khz-univ.onnx' },
    })
    expect(
      sherpaModelOf([
        'model.onnx',
        'voices.bin',
        'tokens.txt',
        'espeak-ng-data',
        'lexicon-zh.txt',
        'lexicon-us-en.txt',
      ]),
    ).toMatchObject({ kind: 'kokoro', files: { voices: 'voices.bin', lexicon: 'lexicon-us-en.txt,lexicon-zh.txt' } })
  })

  it('says plainly what a directory lacks, and that one is not there', async () => {
    writeFileSync(join(directory, 'tokens.txt'), '')
    const voice = sherpaVoice(directory)
    expect(await voice.inspect()).toBe('the model directory lacks *.onnx, lexicon.txt')
    await expect(voice.speak('好', {}, AbortSignal.timeout(5000))).rejects.toThrow('lacks *.onnx')
    expect(await sherpaVoice(join(directory, 'nowhere')).inspect()).toMatch(/cannot be read: ENOENT/)
  })

  it('a model that is broken ends its own process at most, and the reason comes back', async () => {
    for (const name of ['model.onnx', 'lexicon.txt']) writeFileSync(join(directory, name), 'not a model')
    const voice = sherpaVoice(directory)
    await expect(voice.speak('好', {}, AbortSignal.timeout(20_000))).rejects.toThrow()
    await voice.close()
  })
})
