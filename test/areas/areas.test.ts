import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { chainOf, contains, levelOf, overlaps, prefixOf } from '../../src/areas/division.ts'
import { areasFromIndentedText, areasFromRows, AREA_ROW_LIMIT } from '../../src/areas/import.ts'
import { COUNTY, STREET, testStation, VILLAGE, type TestStation } from '../support/station.ts'

const group = (digits: number) =>
  fc.integer({ min: 1, max: 10 ** digits - 1 }).map((value) => String(value).padStart(digits, '0'))
const codes = fc
  .tuple(fc.integer({ min: 1, max: 5 }), group(2), group(2), group(2), group(3), group(3))
  .map(([depth, ...groups]) => groups.slice(0, depth).join('').padEnd(12, '0'))

describe('division codes', () => {
  it('say their level and their prefix', () => {
    expect([COUNTY, STREET, VILLAGE].map(levelOf)).toEqual(['county', 'street', 'village'])
    expect([COUNTY, STREET, VILLAGE].map(prefixOf)).toEqual(['370799', '370799001', '370799001200'])
    expect(levelOf('370000000000')).toBe('province')
    expect(levelOf('370700000000')).toBe('city')
  })

  it('an order number that ends in zero is no trailing group', () => {
    expect(prefixOf('370799100200')).toBe('370799100200')
    expect(prefixOf('370799100000')).toBe('370799100')
  })

  it('containment is reflexive, transitive, antisymmetric, and agrees with the chain above', () => {
    fc.assert(
      fc.property(codes, codes, (one, other) => {
        expect(contains(one, one)).toBe(true)
        expect(contains(one, other) && contains(other, one)).toBe(one === other)
        expect(contains(one, other)).toBe(chainOf(other).includes(one))
        expect(overlaps(one, other)).toBe(overlaps(other, one))
        for (const above of chainOf(one)) expect(contains(above, one)).toBe(true)
      }),
    )
  })
})

describe('area import', () => {
  it('keeps good rows and names bad ones by line and column', () => {
    const rows = [
      { code: COUNTY, name: '青禾区' },
      { code: '37079', name: '短码' },
      { code: STREET, name: '' },
      { code: VILLAGE, name: '柳树庄村', parentCode: '370702000000' },
      { code: VILLAGE, name: '柳树庄村', validFrom: '2020-01-01', validTo: '2019-01-01' },
      { code: VILLAGE, name: '柳树庄村', validFrom: '2020-02-30' },
      { code: VILLAGE, name: '柳树庄村' },
      { code: VILLAGE, name: '又一个' },
    ].map((cells, index) => ({ line: index + 2, cells: cells as unknown as Record<string, string> }))
    const { areas, faults } = areasFromRows(rows)
    expect(areas.map((area) => area.code)).toEqual([COUNTY, VILLAGE])
    expect(areas[1]!.parentCode).toBe(COUNTY)
    expect(faults.map((fault) => [fault.line, fault.column])).toEqual([
      [3, 'code'],
      [4, 'name'],
      [5, 'parentCode'],
      [6, 'validTo'],
      [7, 'validFrom'],
      [9, 'code'],
    ])
  })

  it('reads the indented text, with or without pages', () => {
    const text = `\t青禾区#${COUNTY}#07/370799.html\n\t\t青禾街道办事处#${STREET}#03/370799001.html\n\t\t\t柳树庄村委会#${VILLAGE}\n\t\t\t坏行#12`
    const { areas, faults } = areasFromIndentedText(text)
    expect(areas.map(({ code, level, parentCode }) => [code, level, parentCode])).toEqual([
      [COUNTY, 'county', null],
      [STREET, 'street', COUNTY],
      [VILLAGE, 'village', STREET],
    ])
    expect(faults).toMatchObject([{ line: 4, column: 'code' }])
  })

  it('takes a text up to its limit, and refuses a longer one whole', () => {
    const line = (index: number): string => `村#${370_799_001_001 + index}`
    const full = Array.from({ length: AREA_ROW_LIMIT }, (_, index) => line(index)).join('\n')
    expect(areasFromIndentedText(`${full}\n`).areas).toHaveLength(AREA_ROW_LIMIT)
    expect(() => areasFromIndentedText(`${full}\n${line(AREA_ROW_LIMIT)}`)).toThrow(/At most 20000 lines/)
  })

  const real = join(import.meta.dirname, '../../../shared/data/hanting-areas.txt')
  it.skipIf(!existsSync(real))('reads a real district whole', () => {
    const { areas, faults } = areasFromIndentedText(readFileSync(real, 'utf8'))
    expect(faults).toEqual([])
    expect(areas.filter((area) => area.level === 'street')).toHaveLength(5)
    expect(areas.filter((area) => area.level === 'village')).toHaveLength(372)
  })
})

describe('area routes', () => {
  let test: TestStation
  beforeAll(async () => {
    test = await testStation()
  })

  it('a person sees their area and what it contains', async () => {
    const mine = await test.as('clerk', STREET)('GET', '/api/areas')
    expect(mine.body.areas.map((area: { code: string }) => area.code)).toEqual([STREET, VILLAGE, '370799001201'])
    expect((await test.as('clerk', STREET)('GET', `/api/areas?inside=${COUNTY}`)).status).toBe(403)
  })

  it('an import by HTTP changes what is good, reports what is bad, and refuses what lies outside', async () => {
    const form = new FormData()
    form.set('file', new File([`code,name\n370799001209,新村\n370702000000,别的区\nxx,坏行\n`], 'areas.csv'))
    const answer = await test.call('POST', '/api/areas/import', { token: await test.token('admin'), form })
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 2 })
    expect(answer.body.faults[0]).toMatchObject({ line: 4, field: 'code' })
    expect((await test.as('admin')('GET', '/api/areas?inside=370799001209')).body.areas[0].name).toBe('新村')
  })

  it('households come by sheet, the good ones kept and the others named by line', async () => {
    const form = new FormData()
    const rows = [`h1,${VILLAGE},张三,12 号`, `h1,${VILLAGE},张三,12 号`, 'h2,370799009999,李四,', `h3,${VILLAGE},,`]
    form.set('file', new File([`户号,区划代码,户主,住址\n${rows.join('\n')}\n`], 'households.csv'))
    const answer = await test.call('POST', '/api/households/import', {
      token: await test.token('clerk', VILLAGE),
      form,
    })
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 3 })
    expect(answer.body.faults.map((fault: { line: number; field: string }) => [fault.line, fault.field])).toEqual([
      [3, 'id'],
      [5, 'name'],
      [4, 'areaCode'],
    ])
    const { body } = await test.as('clerk', VILLAGE)('GET', `/api/households?area=${VILLAGE}`)
    expect(body.households).toEqual([{ id: 'h1', areaCode: VILLAGE, name: '张三', address: '12 号' }])
  })

  it('a household of another village is never overwritten by importing its id', async () => {
    const [mine, theirs] = ['370799001200', '370799002200']
    const send = async (areaCode: string, row: string) => {
      const token = await test.token('clerk', areaCode)
      const file = new File([`id,areaCode,name,address\n${row}\n`], 'households.csv')
      return (await test.call('POST', '/api/households/import', { token, form: formOf(file) })).body
    }
    expect(await send(theirs, `far-1,${theirs},张三,石桥 1 号`)).toMatchObject({ accepted: 1 })
    expect(await send(mine, `far-1,${mine},别人,改了`)).toMatchObject({
      accepted: 0,
      faults: [{ line: 2, field: 'id' }],
    })
    expect(await test.station.areas.household('far-1')).toMatchObject({ areaCode: theirs, name: '张三' })
  })

  it('the trail of an import says which households were corrected, before and after', async () => {
    const token = await test.token('clerk', VILLAGE)
    for (const name of ['王五', '王武']) {
      const form = formOf(new File([`id,areaCode,name,address\nw1,${VILLAGE},${name},9 号\n`], 'households.csv'))
      await test.call('POST', '/api/households/import', { token, form })
    }
    const { entries } = (await test.as('admin')('GET', '/api/audit?subject=household&subjectId=w1')).body
    expect(entries[0]).toMatchObject({
      before: { households: [{ id: 'w1', name: '王五' }] },
      after: { accepted: 1, corrected: 1, households: [{ id: 'w1', name: '王武' }] },
    })
    expect(entries[1]).toMatchObject({ before: { households: [] }, after: { accepted: 1, corrected: 0 } })
  })

  it('a file of nothing but faults is answered at once and briefly', async () => {
    const send = async (text: string, name: string) => {
      const form = formOf(new File([text], name))
      return test.call('POST', '/api/areas/import', { token: await test.token('admin'), form })
    }
    const began = performance.now()
    expect(await send('x\n'.repeat(3_900_000), 'areas.txt')).toMatchObject({ status: 400 })
    expect(await send('x\n'.repeat(25_000), 'areas.csv')).toMatchObject({ status: 400 })
    expect(performance.now() - began).toBeLessThan(3000)
    const { body } = await send('x\n'.repeat(600), 'areas.txt')
    expect([body.accepted, body.rejected, body.faults.length]).toEqual([0, 600, 501])
    expect(body.faults[500]).toEqual({ field: 'file', message: '还有 100 处问题' })
  })

  it.each([
    ['no file', new FormData()],
    ['a file that is not CSV', formOf(new File(['code,name\n"370799'], 'areas.csv'))],
  ])('refuses %s by name', async (_, form) => {
    const answer = await test.call('POST', '/api/areas/import', { token: await test.token('admin'), form })
    expect(answer).toMatchObject({ status: 400, body: { fault: 'invalid', details: [{ field: 'file' }] } })
  })
})

function formOf(file: File): FormData {
  const form = new FormData()
  form.set('file', file)
  return form
}
