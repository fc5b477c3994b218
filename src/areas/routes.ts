import { z } from '@hono/zod-openapi'
import { readCsv } from '../equipment/csv.ts'
import { invalid, type Detail, type Language } from '../errors.ts'
import { door, json, routes } from '../web/app.ts'
import { personOf } from '../web/guard.ts'
import { areaCode, page } from '../web/input.ts'
import type { Areas } from './areas.ts'
import { requireArea } from './division.ts'
import { householdsFromRows } from './household.ts'
import { areasFromIndentedText, areasFromRows } from './import.ts'

export const AREA_FILE_LIMIT_BYTES = 8 * 1024 * 1024
/** The most faults that an answer names; `rejected` counts the others too. */
export const FAULTS_LIMIT = 500

const Area = z
  .object({
    code: areaCode,
    parentCode: z.string().nullable(),
    name: z.string(),
    level: z.enum(['province', 'city', 'county', 'street', 'village']),
    validFrom: z.string().nullable(),
    validTo: z.string().nullable(),
  })
  .openapi('Area')

const Household = z.object({ id: z.string(), areaCode, name: z.string(), address: z.string() }).openapi('Household')

/** A line of a batch that was not accepted, and why. */
const LineFault = z.object({ field: z.string(), line: z.number().optional(), message: z.string() })

const BatchResult = z
  .object({
    accepted: z.number(),
    rejected: z.number().openapi({ description: 'All lines that were not accepted' }),
    faults: z.array(LineFault).openapi({ description: `The first ${FAULTS_LIMIT}, and then how many more there are` }),
  })
  .openapi('BatchResult')

const fileBody = {
  required: true,
  content: {
    'multipart/form-data': { schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }) },
  },
} as const

/** The division tree and its households. */
export function areaRoutes(areas: Areas) {
  return routes()
    .openapi(
      door('areas.read', {
        method: 'get',
        path: '/api/areas',
        summary: 'Your area, or one inside it, with everything it contains',
        tags: ['areas'],
        request: { query: z.object({ inside: areaCode.optional() }) },
        responses: { 200: json(z.object({ areas: z.array(Area) })) },
      }),
      async (c) => {
        const person = personOf(c)
        const inside = c.req.valid('query').inside ?? person.areaCode
        requireArea(person, inside)
        return c.json({ areas: await areas.inside(inside) }, 200)
      },
    )
    .openapi(
      door(
        'areas.write',
        {
          method: 'post',
          path: '/api/areas/import',
          summary: 'Import areas from CSV (code,name,parentCode,validFrom,validTo) or indented text (name#code)',
          tags: ['areas'],
          request: { body: fileBody },
          responses: { 200: json(BatchResult) },
        },
        { bodyLimitBytes: AREA_FILE_LIMIT_BYTES },
      ),
      async (c) => {
        const { file } = await c.req.parseBody()
        if (!(file instanceof File)) throw invalid('file', '请上传 CSV 或文本文件', 'Send a CSV or a text file')
        const bytes = new Uint8Array(await file.arrayBuffer())
        const read = file.name.toLowerCase().endsWith('.csv')
          ? areasFromRows(readCsv(bytes))
          : areasFromIndentedText(new TextDecoder().decode(bytes))
        const { accepted, faults } = await areas.import(personOf(c), read, c.get('now'))
        return c.json(batchResult(accepted, faults, c.get('language')), 200)
      },
    )
    .openapi(
      door('households.read', {
        method: 'get',
        path: '/api/households',
        summary: 'Households of an area, by id',
        tags: ['areas'],
        request: { query: z.object({ area: areaCode, ...page }) },
        responses: { 200: json(z.object({ households: z.array(Household) })) },
      }),
      async (c) => {
        const { area, ...rest } = c.req.valid('query')
        requireArea(personOf(c), area)
        return c.json({ households: await areas.households(area, rest) }, 200)
      },
    )
    .openapi(
      door(
        'households.write',
        {
          method: 'post',
          path: '/api/households/import',
          summary: 'Import households from CSV (id,areaCode,name,address)',
          tags: ['areas'],
          request: { body: fileBody },
          responses: { 200: json(BatchResult) },
        },
        { bodyLimitBytes: AREA_FILE_LIMIT_BYTES },
      ),
      async (c) => {
        const { file } = await c.req.parseBody()
        if (!(file instanceof File)) throw invalid('file', '请上传 CSV 文件', 'Send a CSV file')
        const read = householdsFromRows(readCsv(new Uint8Array(await file.arrayBuffer())))
        const { accepted, faults } = await areas.importHouseholds(personOf(c), read, c.get('now'))
        return c.json(batchResult(accepted, faults, c.get('language')), 200)
      },
    )
}

function batchResult(accepted: number, faults: Detail[], language: Language): z.infer<typeof BatchResult> {
  const named = faults.slice(0, FAULTS_LIMIT)
  const more = faults.length - named.length
  if (more > 0) named.push({ field: 'file', message: { zh: `还有 ${more} 处问题`, en: `and ${more} more faults` } })
  return {
    accepted,
    rejected: faults.length,
    faults: named.map((fault) => ({ ...fault, message: fault.message[language] })),
  }
}
