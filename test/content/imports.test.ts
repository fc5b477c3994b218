import fc from 'fast-check'
import { deflateRawSync } from 'node:zlib'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../src/content/item.ts'
import { IMPORT_FILE_LIMIT_BYTES } from '../../src/content/routes.ts'
import { dateFrom, IMPORT_ROW_LIMIT, periodFrom, periodInChinese } from '../../src/content/sheet.ts'
import { periodAt, periodLengths } from '../../src/content/period.ts'
import { readZip, writeZip } from '../../src/equipment/zip.ts'
import { addDays } from '../../src/instant.ts'
import { addHousehold, formOf, ledgerDraft, photo, publish, workbook } from '../support/content.ts'
import {
  COUNTY,
  FAR_VILLAGE,
  OTHER_VILLAGE,
  STREET,
  testStation,
  VILLAGE,
  type TestStation,
} from '../support/station.ts'

const utf8 = (text: string): Buffer => Buffer.from(text)
const LEDGER = '区划代码,月份,期初余额,日期,收支,金额（元）,余额,对方单位,用途,经手人,票据,期末余额'

const faultsOf = ({ body }: { body: any }): [number, string][] =>
  body.faults.map(({ line, column }: { line: number; column: string }) => [line, column])
const rowsOf = (count: number): string => `栏目,标题\n${'无,甲\n'.repeat(count)}`

describe('imports', () => {
  let test: TestStation
  beforeAll(async () => {
    test = await testStation()
    await addHousehold(test, 'ours')
  })

  const send = async (
    kind: string,
    file: Uint8Array | string,
    options: { name?: string; area?: string; state?: string } = {},
  ) => {
    const { name = 'sheet.csv', area = STREET, state = 'published' } = options
    const bytes = typeof file === 'string' ? utf8(file) : file
    const form = formOf({ kind, state }, { bytes, name })
    return test.call('POST', '/api/imports', { token: await test.token('clerk', area), form })
  }
  const itemsOf = async (query: string): Promise<Item[]> =>
    (await test.as('clerk')('GET', `/api/items?limit=200&${query}`)).body.items
  const countOf = async (): Promise<number> => (await test.station.db.selectFrom('items').select('id').execute()).length

  it('good rows are kept, bad ones named by line and column', async () => {
    const sheet = [
      '区划代码,栏目,类型,标题,正文,所属时期,家庭编号,生效日期',
      `${VILLAGE},村务公开,文章,宅基地审批,"第一段\n第二段",2026年第3季度,,`,
      `${VILLAGE},没有的栏目,文章,甲,正文,,,`,
      `${FAR_VILLAGE},村务公开,文章,乙,正文,,,`,
      `${VILLAGE},村务公开,诗歌,丙,正文,,,`,
      `${VILLAGE},村务公开,文章,,正文,,,`,
      `${VILLAGE},村务公开,文章,丁,,,,`,
      `${VILLAGE},我家消息,通知,戊,正文,,nobody,`,
      `${VILLAGE},我家消息,通知,己,正文,,ours,2026年11月30日`,
      `${STREET},村务公开,文章,庚,正文,,,`,
      `${VILLAGE},村务公开,文章,辛,正文,2026年第7季度,,2026-02-30`,
    ].join('\n')
    const answer = await send('items', sheet)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ state: 'finished', total: 10, accepted: 2, repeated: 0, rejected: 8 })
    // The first record takes lines 2 and 3 of the file.
    expect(faultsOf(answer)).toEqual([
      [4, '栏目'],
      [5, '区划代码'],
      [6, '类型'],
      [7, '标题'],
      [8, '正文'],
      [9, '家庭编号'],
      [11, '区划代码'],
      [12, '所属时期'],
      [12, '生效日期'],
    ])
    const [item] = await itemsOf(`text=${encodeURIComponent('宅基地')}`)
    expect(item).toMatchObject({ state: 'published', period: '2026-Q3', publisher: '柳树庄村', version: 1 })
    const whole = await test.as('clerk')('GET', `/api/items/${item!.id}`)
    expect(whole.body.content.paragraphs).toEqual(['第一段', '第二段'])
    const [private_] = await itemsOf(`text=${encodeURIComponent('己')}`)
    expect(private_).toMatchObject({ householdId: 'ours', validFrom: '2026-11-29T16:00:00.000Z' })
  })

  it('the same file twice is imported once, and a longer one adds what is new', async () => {
    const rows = ['栏目,标题,正文', '通知公告,修路通知,周三修路', '通知公告,停水通知,周四停水']
    const first = await send('items', rows.join('\n'), { area: VILLAGE })
    expect(first.body).toMatchObject({ accepted: 2, repeated: 0 })
    const before = await countOf()
    expect((await send('items', rows.join('\n'), { area: VILLAGE })).body).toMatchObject({ accepted: 0, repeated: 2 })
    expect(await countOf()).toBe(before)
    const longer = [...rows, '通知公告,停电通知,周五停电', '通知公告,停电通知,周五停电'].join('\n')
    expect((await send('items', longer, { area: VILLAGE })).body).toMatchObject({ accepted: 1, repeated: 3 })
  })

  it('a file sent twice at once is imported once', async () => {
    const sheet = `栏目,标题,正文\n${Array.from({ length: 30 }, (_, row) => `议事决策,议题${row},正文`).join('\n')}`
    const answers = await Promise.all([
      send('items', sheet, { area: VILLAGE }),
      send('items', sheet, { area: VILLAGE }),
    ])
    const sums = answers.map(({ body }) => body.accepted + body.repeated)
    expect(sums).toEqual([30, 30])
    expect(await itemsOf(`text=${encodeURIComponent('议题')}`)).toHaveLength(30)
  })

  it('GB 18030, a byte-order mark, marked headers and English keys are all read', async () => {
    const gb = Buffer.from('c0b8c4bf2cb1eacce22cd5fdcec40acda8d6aab9abb8e62cb9fab1ea2cd6d0cec4', 'hex')
    expect((await send('items', gb, { area: VILLAGE })).body).toMatchObject({ accepted: 1 })
    expect(await itemsOf(`text=${encodeURIComponent('国标')}`)).toHaveLength(1)
    const marked = '\ufeff栏目 *,标题（必填）,正文\n通知公告,标记,正文'
    expect((await send('items', marked, { area: VILLAGE })).body).toMatchObject({ accepted: 1 })
    const english = 'column,title,text,kind\nnotices,English keys,text,notice'
    expect((await send('items', english, { area: VILLAGE })).body).toMatchObject({ accepted: 1 })
  })

  it('a workbook is read like a sheet, and is one with the same rows', async () => {
    const rows = [
      ['栏目', '标题', '正文', '所属时期'],
      ['村务公开', '工作簿', '正文', 2026],
    ]
    const answer = await send('items', workbook(rows), { area: VILLAGE, name: 'a.xlsx' })
    expect(answer.body).toMatchObject({ accepted: 1, fileName: 'a.xlsx' })
    const csv = rows.map((row) => row.join(',')).join('\n')
    expect((await send('items', csv, { area: VILLAGE })).body).toMatchObject({ accepted: 0, repeated: 1 })
  })

  it('guides come with steps and materials; ledgers and films do not come as rows', async () => {
    const sheet =
      '栏目,类型,标题,办理步骤,所需材料,联系电话\n小微权力,指南,盖章,"申请\n盖章",身份证,0536-123\n财务公开,账目,账,,,\n议事决策,视频,会,,,'
    const answer = await send('items', sheet, { area: VILLAGE })
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 2 })
    const [guide] = await itemsOf('column=small-powers')
    const { content } = (await test.as('clerk')('GET', `/api/items/${guide!.id}`)).body
    expect(content).toMatchObject({ steps: ['申请', '盖章'], materials: ['身份证'], telephone: '0536-123' })
  })

  it('lines of a village and month become one ledger, shown at once where it belongs', async () => {
    const picture = await test.station.pictures.add('station', VILLAGE, await photo(20, 20), test.clock.now())
    const sheet = [
      LEDGER,
      `${VILLAGE},2026年9月,"1,000.00",2026/9/1,收入,500,1500.00,镇财政所,转移支付,李明,,`,
      `${OTHER_VILLAGE},2026-09,10,2026年9月2日,支出,￥3.5,,小店,买纸,王芳,,6.50`,
      `${VILLAGE},2026-09,,2026-09-05,支出,200.05,1299.95,五金店,修灯,李明,${picture.hash},1299.95`,
    ].join('\n')
    const answer = await send('ledger', sheet)
    expect(answer.body).toMatchObject({ total: 3, accepted: 3, rejected: 0, faults: [] })
    const { body } = await test.call('GET', `/feeds/${VILLAGE}`)
    const [ledger] = body.sections[2].columns.find(({ id }: { id: string }) => id === 'finance').items
    expect(ledger).toMatchObject({ title: '柳树庄村2026年9月财务公开', period: '2026-09', kind: 'ledger' })
    expect(ledger.summary).toBe('收入 500.00 元，支出 200.05 元，结余 1299.95 元')
    expect(ledger.content).toMatchObject({ openingCents: 100_000, closingCents: 129_995 })
    expect(ledger.content.lines).toMatchObject([
      { line: 1, date: '2026-09-01', direction: 'income', amountCents: 50_000 },
      { line: 2, date: '2026-09-05', direction: 'expense', vouchers: [`/pictures/${picture.hash}`] },
    ])
    expect((await send('ledger', sheet)).body).toMatchObject({ accepted: 0, repeated: 3 })
  })

  it('a month that holds a ledger is corrected there, not doubled', async () => {
    await publish(test, ledgerDraft())
    const sheet = `${LEDGER}\n${VILLAGE},2026-10,0,2026-10-01,收入,5,,村民,卖废纸,李明,,5`
    const answer = await send('ledger', sheet)
    expect([answer.body.accepted, faultsOf(answer)]).toEqual([0, [[2, '月份']]])
  })

  it('a ledger that does not add up is refused whole, with the line that is off', async () => {
    const cases: [string[], [number, string][]][] = [
      [['2026-03,0,2026-03-01,收入,5,,甲,乙,丙,,6'], [[2, '期末余额']]],
      [
        ['2026-03,0,2026-03-01,收入,5,5,甲,乙,丙,,', '2026-03,,2026-03-02,支出,2,4,甲,乙,丙,,3'],
        [
          [2, '月份'],
          [3, '余额'],
        ],
      ],
      [
        ['2026-03,0,2026-03-01,收入,5,,甲,乙,丙,,', '2026-03,1,2026-03-02,收入,2,,甲,乙,丙,,7'],
        [
          [2, '月份'],
          [3, '期初余额'],
        ],
      ],
      [
        ['2026-03,0,2026-03-01,收入,5,,甲,乙,丙,,5', '2026-03,,2026-04-02,收入,0,,甲,,丙,,'],
        [
          [2, '月份'],
          [3, '日期'],
          [3, '金额'],
          [3, '用途'],
        ],
      ],
      [['2026-03,,2026-03-01,收入,5,,甲,乙,丙,,5'], [[2, '期初余额']]],
      [
        ['2026-03,0,2026-03-01,借出,五元,,甲,乙,丙,,5'],
        [
          [2, '收支'],
          [2, '金额'],
        ],
      ],
      [[`2026-03,0,2026-03-01,收入,5,,甲,乙,丙,${'f'.repeat(64)},5`], [[2, '票据']]],
      [['三月,0,2026-03-01,收入,5,,甲,乙,丙,,5'], [[2, '月份']]],
    ]
    const before = await countOf()
    for (const [lines, faults] of cases) {
      const answer = await send('ledger', [LEDGER, ...lines.map((line) => `${FAR_VILLAGE},${line}`)].join('\n'), {
        area: COUNTY,
      })
      expect([lines, answer.body.accepted, faultsOf(answer)]).toEqual([lines, 0, faults])
    }
    expect(await countOf()).toBe(before)
  })

  it('every line of a refused ledger is named, the good ones with the lines they fell with', async () => {
    const of = (line: string): string => `${VILLAGE},2026-02,${line}`
    const answer = await send(
      'ledger',
      [
        LEDGER,
        of('0,2026-02-01,收入,5,,甲,乙,丙,,8'),
        of(',2026-02-30,收入,1,,甲,乙,丙,,'),
        of(',2026-02-03,借出,1,,甲,乙,丙,,'),
        of(',2026-02-04,收入,1,,甲,乙,丙,,'),
        of(',2026-02-05,收入,一元,,甲,乙,丙,,'),
        `${OTHER_VILLAGE},2026-02,0,2026-02-01,收入,5,,甲,乙,丙,,5`,
      ].join('\n'),
    )
    expect(answer.body).toMatchObject({ total: 6, accepted: 1, rejected: 5 })
    expect(faultsOf(answer)).toEqual([
      [2, '月份'],
      [3, '日期'],
      [4, '收支'],
      [5, '月份'],
      [6, '金额'],
    ])
    expect(answer.body.faults[3].message).toBe('本行无误，但同一账目（村、月份）第 3、4、6 行有误，整本未入账')
  })

  it('a voucher that was not uploaded is named in its own line', async () => {
    const rows = [`2026-01,0,2026-01-01,收入,5,,甲,乙,丙,,6`, `2026-01,,2026-01-02,收入,1,,甲,乙,丙,${'f'.repeat(64)},`]
    const answer = await send('ledger', [LEDGER, ...rows.map((row) => `${VILLAGE},${row}`)].join('\n'))
    expect(faultsOf(answer)).toEqual([
      [2, '月份'],
      [3, '票据'],
    ])
  })

  it('is remembered, with its faults, for those of its area', async () => {
    const { body } = await send('items', '栏目,标题,正文\n通知公告,,正文', { area: VILLAGE, name: '通知.csv' })
    const street = test.as('supervisor', STREET)
    expect((await street('GET', `/api/imports/${body.id}`)).body).toEqual(body)
    expect((await street('GET', '/api/imports?limit=1')).body.imports).toEqual([body])
    expect((await test.as('supervisor', OTHER_VILLAGE)('GET', `/api/imports/${body.id}`)).status).toBe(403)
    expect((await test.as('supervisor', OTHER_VILLAGE)('GET', '/api/imports')).body.imports).toEqual([])
    expect((await street('GET', '/api/imports/nothing')).status).toBe(404)
    const { entries } = (await test.as('admin')('GET', `/api/audit?subject=import&subjectId=${body.id}`)).body
    expect(entries).toMatchObject([{ action: 'items.imported', after: { fileName: '通知.csv', rejected: 1 } }])
  })

  it('one that was cut off with its station is told as failed', async () => {
    const { body } = await send('items', '栏目,标题,正文\n通知公告,断了的,正文', { area: VILLAGE })
    await test.station.db.updateTable('imports').set({ state: 'running' }).where('id', '=', body.id).execute()
    const clerk = test.as('clerk', VILLAGE)
    expect((await clerk('GET', `/api/imports/${body.id}`)).body.state).toBe('running')
    test.clock.push(601)
    expect((await clerk('GET', `/api/imports/${body.id}`)).body.state).toBe('failed')
  })

  it('the sheets to fill in are accepted as they are', async () => {
    for (const kind of ['items', 'ledger']) {
      const { response } = await test.call('GET', `/api/sheets/${kind}`, { token: await test.token('clerk', VILLAGE) })
      expect(response.headers.get('content-disposition')).toContain(`${kind}.csv`)
      const bytes = await response.bytes()
      expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
      const example = new TextDecoder()
        .decode(bytes)
        .replace('2026-09,', '2025-09,')
        .replace('2026-09-03', '2025-09-03')
      expect((await send(kind, example, { area: VILLAGE })).body).toMatchObject({ accepted: 1, rejected: 0 })
    }
  })

  const everything = async () => [
    await countOf(),
    (await test.station.db.selectFrom('imports').select('id').execute()).length,
  ]

  describe('a file that cannot be read is refused whole', () => {
    let before: unknown
    beforeEach(async () => {
      before = await everything()
    })

    it('whatever is wrong with it', async () => {
      const good = workbook([
        ['栏目', '标题'],
        ['通知公告', '甲'],
      ])
      const inside = good.indexOf('sheetData')
      const bad: [string, Uint8Array | string, string?][] = [
        ['no rows', '栏目,标题,正文\n'],
        ['nothing', ''],
        ['a quote left open', '栏目,标题\n通知公告,"没有完'],
        ['columns missing', '名称,内容\n甲,乙'],
        ['noise', new Uint8Array(Array.from({ length: 500 }, (_, index) => (index * 89) % 256))],
        ['a workbook cut short', good.subarray(0, good.length - 30), 'a.xlsx'],
        ['a damaged workbook', Buffer.from(good.map((byte, index) => (index === inside ? byte ^ 1 : byte))), 'a.xlsx'],
        ['an archive of something else', writeZip(new Map([['a.txt', utf8('甲')]])), 'a.xlsx'],
        ['only the first bytes', utf8('PK\u0003\u0004'), 'a.xlsx'],
      ]
      for (const [what, file, name] of bad) {
        const { status, body } = await send('items', file, { area: VILLAGE, ...(name ? { name } : {}) })
        expect([what, status, body.fault]).toEqual([what, 400, 'invalid'])
      }
      expect(await everything()).toEqual(before)
    })

    it('a picture under the name of a sheet is said to be none', async () => {
      for (const name of ['a.csv', 'a.xlsx']) {
        const { status, body } = await send('items', await photo(20, 20), { area: VILLAGE, name })
        expect([status, body.details]).toMatchObject([400, [{ field: 'file', message: '不是表格文件' }]])
      }
    })

    it('rows to the limit pass, one more does not', async () => {
      const full = await send('items', rowsOf(IMPORT_ROW_LIMIT), { area: VILLAGE })
      expect([full.status, full.body.rejected, full.body.faults.length]).toEqual([200, IMPORT_ROW_LIMIT, 500])
      const over = await send('items', rowsOf(IMPORT_ROW_LIMIT + 1), { area: VILLAGE })
      expect([over.status, over.body.details[0].field]).toEqual([400, 'file'])
    })

    it('bytes beyond the limit, a torn form, a strange kind and a missing file', async () => {
      const large = await send('items', new Uint8Array(IMPORT_FILE_LIMIT_BYTES + 1), { area: VILLAGE })
      expect(large.status).toBe(413)
      const token = await test.token('clerk', VILLAGE)
      const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
      expect((await test.call('POST', '/api/imports', { token, body: '--x\r\nno', headers: multipart })).status).toBe(
        400,
      )
      expect((await send('poems', '栏目,标题\n甲,乙')).body.details[0].field).toBe('kind')
      const fileless = await test.call('POST', '/api/imports', { token, form: formOf({ kind: 'items' }) })
      expect([fileless.status, fileless.body.details[0].field]).toEqual([400, 'file'])
      expect(await everything()).toEqual(before)
    })
  })
})

describe('archives', () => {
  it('come back as they were packed', async () => {
    const entry = fc.tuple(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.uint8Array({ maxLength: 200 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(entry, { selector: ([name]) => name, maxLength: 5 }), async (entries) => {
        const read = await readZip(writeZip(new Map(entries)), () => true, 10_000)
        expect([...read].map(([name, content]) => [name, [...content]])).toEqual(
          entries.map(([name, content]) => [name, [...content]]),
        )
      }),
    )
  })

  it('are not believed about their sizes: unpacking stops at the limit', async () => {
    const archive = writeZip(new Map([['a.xml', deflateRawSync(Buffer.alloc(1_000_000))]]))
    // Marked as deflated, its claimed size left at the packed one.
    const directory = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]))
    archive.writeUInt16LE(8, 8)
    archive.writeUInt16LE(8, directory + 10)
    await expect(readZip(archive, () => true, 999_999)).rejects.toThrow()
    await expect(readZip(archive, () => true, 1_000_000)).rejects.toThrow('damaged')
    const plain = writeZip(
      new Map([
        ['a.xml', Buffer.alloc(600)],
        ['b.xml', Buffer.alloc(600)],
      ]),
    )
    await expect(readZip(plain, () => true, 1199)).rejects.toThrow('1199')
    expect((await readZip(plain, () => true, 1200)).size).toBe(2)
  })

  it('damaged anywhere, they are refused or read the same, and nothing else', async () => {
    const whole = writeZip(new Map([['a.xml', utf8('<a>甲乙丙</a>')]]))
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(whole)
        damaged[at] = damaged[at]! ^ change
        const read = await readZip(damaged, () => true, 10_000).catch(() => undefined)
        for (const content of read?.values() ?? []) expect(content.toString()).toBe('<a>甲乙丙</a>')
      }),
      { numRuns: 300 },
    )
  })
})

describe('what people write for dates and periods', () => {
  it('is understood, or refused', () => {
    expect(
      ['2026-09-03', '2026/9/3', '2026.9.3', '2026年9月3日', '２０２６年９月３日', '2026 年 9 月 3 日'].map(dateFrom),
    ).toEqual(Array<string>(6).fill('2026-09-03'))
    expect(['2026-02-30', '9月3日', '2026-13-01', '20260903', ''].map(dateFrom)).toEqual(Array(5).fill(undefined))
    expect(['2026年9月', '2026/9', '2026年第三季度', '2026-Q3', '2026年度', '2026-3季度'].map(periodFrom)).toEqual([
      '2026-09',
      '2026-09',
      '2026-Q3',
      '2026-Q3',
      '2026',
      undefined,
    ])
  })

  it('a period said in Chinese is read as the same period', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.constantFrom(...periodLengths), (days, length) => {
        const period = periodAt(addDays('2000-01-01', days), length)
        expect(periodFrom(periodInChinese(period))).toBe(period)
      }),
    )
  })
})
