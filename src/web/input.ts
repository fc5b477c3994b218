import { z } from '@hono/zod-openapi'
import { isLocalDate, isLocalTime, parseInstant } from '../instant.ts'

/** The shapes that every door shares, so that a code or a date is refused with the same words everywhere. */

export const TITLE_LIMIT = 80
export const TEXT_LIMIT = 20_000
export const PAGE_LIMIT = 200

const bilingual = (zh: string, en: string): string => `${zh}|${en}`

export const areaCode = z
  .string()
  .regex(/^\d{12}$/, bilingual('应为 12 位数字的区划代码', 'must be a division code of 12 digits'))
  .openapi({ example: '370799001200', description: 'Division code, 12 digits' })

export const id = z
  .string()
  .regex(/^[\w-]{1,64}$/, bilingual('编号格式不对', 'is not an id'))
  .openapi({ example: '01jd3k5v2' })

export const instant = z
  .string()
  .refine(
    (text) => parseInstant(text) !== undefined,
    bilingual(
      '应为带时区的时刻，如 2026-11-22T07:30:00+08:00',
      'must be an instant with a zone, such as 2026-11-22T07:30:00+08:00',
    ),
  )
  .transform((text) => parseInstant(text)!)
  .openapi({ type: 'string', format: 'date-time', example: '2026-11-22T07:30:00+08:00' })

export const localDate = z
  .string()
  .refine(isLocalDate, bilingual('应为日期，如 2026-11-22', 'must be a date such as 2026-11-22'))
  .openapi({ format: 'date', example: '2026-11-22' })

export const localTime = z
  .string()
  .refine(isLocalTime, bilingual('应为时间，如 07:30', 'must be a time such as 07:30'))
  .openapi({ example: '07:30' })

export const title = z.string().trim().min(1).max(TITLE_LIMIT)

/** A page of a list: `after` is the id that the last page ended with. */
export const page = {
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT).default(50).openapi({ example: 50 }),
  after: z.string().max(100).optional(),
}
