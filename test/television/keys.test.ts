import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readKeys } from '../../src/television/keys.ts'
import { TEMPLATES } from '../support/portal.ts'

const six = { up: [38], down: [40], left: [37], right: [39], ok: [13], back: [8] }

const read = (keys: Record<string, number[]>): unknown => readKeys(JSON.stringify({ keys, names: {} }))

describe('keys', () => {
  it('the shipped table knows the arrows, OK, every Back there is, and the digits', () => {
    const { codes, names } = readKeys(readFileSync(join(TEMPLATES, 'tv', 'keys.json'), 'utf8'))
    expect([38, 40, 37, 39, 13].map((code) => codes[code])).toEqual(['up', 'down', 'left', 'right', 'ok'])
    for (const back of [8, 27, 340, 461, 640, 10009]) expect(codes[back]).toBe('back')
    expect(codes[53]).toBe('5')
    expect(names.Enter).toBe('ok')
  })

  it('codes that mean different things on different boxes are left out', () => {
    const { codes } = readKeys(readFileSync(join(TEMPLATES, 'tv', 'keys.json'), 'utf8'))
    for (const code of [4, 20, 21, 22, 23, 24, 259, 260, 261, 514]) expect(codes[code]).toBeUndefined()
  })

  it('a code with two meanings, an unknown action or a missing key stops the station by name', () => {
    expect(read(six)).toBeDefined()
    expect(() => read({ ...six, back: [13] })).toThrow('13 means both ok and back')
    expect(() => read({ ...six, fly: [99] })).toThrow('"fly" is no action')
    expect(() => read({ ...six, back: [] })).toThrow('"back" has no code')
    expect(() => read({ ...six, back: [-1] })).toThrow('-1 is no key code')
  })
})
