import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REPEAT_LIMIT } from '../../src/bulletins/recording.ts'
import { voiceNames } from '../../src/equipment/voice.ts'
import { areaTree, isAbove, placeName, pruneTree, villagesWithin, type KnownArea } from '../../src/console/area-tree.ts'
import { deviceName } from '../../src/console/device.ts'
import { divideFaults, fieldPath } from '../../src/console/faults.ts'
import { words } from '../../src/console/language.ts'
import { bytesText, centsOf, durationText, shareText, yuanText } from '../../src/console/quantities.ts'
import { reasonWords } from '../../src/console/receipt-reason.ts'
import { actionWords, changesOf } from '../../src/console/trail.ts'
import { REPEATS_LIMIT, voices, voiceWords } from '../../src/console/voices.ts'

const area = (code: string, parentCode: string | null, name: string, level = 'street'): KnownArea => ({
  code,
  parentCode,
  name,
  level,
})
const areas = [
  area('370799000000', null, '青禾区', 'county'),
  area('370799001000', '370799000000', '青禾街道'),
  area('370799001200', '370799001000', '柳树庄村', 'village'),
  area('370799002200', '370799002000', '石桥村', 'village'),
]

describe('areas', () => {
  it('hang from their parents, and one without a known parent is a root', () => {
    const tree = areaTree(areas)
    expect(tree.map((node) => node.title)).toEqual(['青禾区', '石桥村'])
    expect(tree[0]!.children[0]!.children[0]!.title).toBe('柳树庄村')
  })

  it('are searched by name or by the beginning of the code, and keep what leads there', () => {
    expect(pruneTree(areaTree(areas), '柳树')[0]!.children[0]!.children).toHaveLength(1)
    expect(pruneTree(areaTree(areas), '370799002')).toHaveLength(1)
    expect(pruneTree(areaTree(areas), '没有的')).toEqual([])
  })

  it('an area stands above those that it contains, never above itself or its neighbours', () => {
    expect(isAbove('370799000000', '370799001200')).toBe(true)
    expect(isAbove('370799001000', '370799001200')).toBe(true)
    expect(isAbove('370799001000', '370799001000')).toBe(false)
    expect(isAbove('370799001200', '370799001000')).toBe(false)
    expect(isAbove('370799010000', '370799001000')).toBe(false)
  })

  it('targets reach each village inside them once', () => {
    expect(villagesWithin([], areas)).toBe(0)
    expect(villagesWithin(['370799000000', '370799001200'], areas)).toBe(2)
    expect(villagesWithin(['370799001000'], areas)).toBe(1)
    expect(villagesWithin(['370799002200'], areas)).toBe(1)
  })

  it('a village is named with its street', () => {
    const byCode = new Map(areas.map((each) => [each.code, each]))
    expect(placeName('370799001200', byCode)).toBe('青禾街道 · 柳树庄村')
    expect(placeName('370799009000', byCode)).toBe('370799009000')
  })
})

describe('the reasons of receipts', () => {
  it('have words on the screen, and a fault of the loudspeaker stays as it came', () => {
    const t = (key: Parameters<typeof words>[1]) => words('zh', key)
    expect(reasonWords('by 0192', t)).toBe('被更重要的播出抢占')
    expect(reasonWords('the power was cut', t)).toBe('大喇叭断电')
    expect(reasonWords('ENOSPC: no space left', t)).toBe('ENOSPC: no space left')
  })
})

describe('bulletins', () => {
  it('are spoken as often as the station takes', () => {
    expect(REPEATS_LIMIT).toBe(REPEAT_LIMIT)
  })

  it('name every voice that may have spoken them', () => {
    const t = (key: Parameters<typeof words>[1]) => words('zh', key)
    expect(voiceNames.filter((name) => voiceWords(name, t) === name)).toEqual([])
    expect(voiceWords('another', t)).toBe('another')
    expect(voices).toEqual(expect.arrayContaining([...voiceNames]))
  })
})

describe('quantities', () => {
  it('an amount that is written is read back to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
        expect(centsOf(yuanText(cents))).toBe(cents === 0 ? 0 : cents)
      }),
    )
  })

  it('what is no amount, or finer than a cent, is none', () => {
    expect(['', 'abc', '1.234', '1e3', '--1'].map(centsOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(centsOf('￥1，234.5')).toBe(123_450)
  })

  it('durations, sizes and shares read as people say them', () => {
    expect(durationText(75, 'zh')).toBe('1分15秒')
    expect(durationText(3600, 'en')).toBe('1 h')
    expect(durationText(3725, 'en')).toBe('1 h 2 min')
    expect(durationText(0, 'zh')).toBe('0秒')
    expect(bytesText(1536)).toBe('1.5 KB')
    expect(shareText(1, 0)).toBe('—')
  })
})

describe('faults', () => {
  it('go to the field they belong to, a part of a field to the field, the rest above', () => {
    const { onFields, above } = divideFaults(
      [
        { field: 'title', message: 'a' },
        { field: 'targets.0', message: 'b' },
        { field: 'elsewhere', message: 'c' },
      ],
      ['title', 'targets'],
    )
    expect(onFields).toEqual([
      { name: ['title'], errors: ['a'] },
      { name: ['targets'], errors: ['b'] },
    ])
    expect(above).toEqual(['c'])
    expect(fieldPath('content.lines.0.payee')).toEqual(['content', 'lines', 0, 'payee'])
  })
})

describe('a device', () => {
  it('is named by its browser and its system, and one that is unknown by what it says of itself', () => {
    expect(deviceName('Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0')).toBe(
      'Edge · Windows',
    )
    expect(deviceName('Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile MicroMessenger/8.0')).toBe(
      'WeChat · Android',
    )
    expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')).toBe(
      'Safari · iPhone',
    )
    expect(deviceName('curl/8.5.0')).toBe('curl/8.5.0')
    expect(deviceName('')).toBe('—')
  })
})

describe('the trail', () => {
  it('says what was done, and leaves a verb that has no words as it is', () => {
    const t = (key: Parameters<typeof words>[1]): string => words('zh', key)
    expect(actionWords('item.published', t)).toBe('公开信息 · 发布')
    expect(actionWords('households.imported', t)).toBe('家庭 · 导入')
    expect(actionWords('item.turned', t)).toBe('公开信息 · turned')
  })

  it('shows only the fields that differ', () => {
    expect(changesOf({ name: '陈', role: 'clerk' }, { name: '陈', role: 'admin', targets: ['a'] })).toEqual([
      { field: 'role', before: 'clerk', after: 'admin' },
      { field: 'targets', before: '', after: '["a"]' },
    ])
    expect(changesOf(null, { name: '陈' })).toEqual([{ field: 'name', before: '', after: '陈' }])
  })
})
