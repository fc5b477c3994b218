import type { z } from '@hono/zod-openapi'
import type { Text } from '../errors.ts'

const KINDS: Record<string, Text> = {
  string: { zh: '文字', en: 'text' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '对象', en: 'an object' },
  record: { zh: '对象', en: 'an object' },
  nonoptional: { zh: '必填内容', en: 'given' },
}

/**
 * What is wrong with one place of an input, in words that a clerk reads. A schema's own words come as `中文|English`
 * (`web/input.ts`) and are taken as they are.
 */
export function wordsOf(issue: z.core.$ZodIssue): Text {
  switch (issue.code) {
    case 'custom':
    case 'invalid_format': {
      const [zh, en, ...rest] = issue.message.split('|')
      if (zh && en && rest.length === 0) return { zh, en }
      return { zh: '格式不对', en: 'is malformed' }
    }
    case 'invalid_type': {
      // A finished issue no longer holds its input; only zod's own words tell a missing value from a wrong one.
      if (issue.message.includes('undefined')) return { zh: '必填', en: 'is required' }
      const kind = KINDS[issue.expected] ?? { zh: issue.expected, en: issue.expected }
      return { zh: `应为${kind.zh}`, en: `must be ${kind.en}` }
    }
    case 'invalid_value': {
      const values = issue.values.map(String)
      return { zh: `应为其中之一：${values.join('、')}`, en: `must be one of ${values.join(', ')}` }
    }
    case 'too_small':
      return bound(
        issue.origin,
        Number(issue.minimum),
        { zh: '至少', en: 'at least' },
        { zh: '不能小于', en: 'at least' },
      )
    case 'too_big':
      return bound(
        issue.origin,
        Number(issue.maximum),
        { zh: '最多', en: 'at most' },
        { zh: '不能大于', en: 'at most' },
      )
    case 'unrecognized_keys':
      return { zh: `不认识 ${issue.keys.join('、')}`, en: `has unknown fields ${issue.keys.join(', ')}` }
    case 'invalid_union':
      return { zh: '内容与类型不符，或类型不对', en: 'does not fit its kind, or the kind is unknown' }
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      break
  }
  return { zh: '内容不对', en: 'is wrong' }
}

function bound(origin: string, limit: number, many: Text, much: Text): Text {
  if (origin === 'string') {
    return limit === 1 && many.zh === '至少'
      ? { zh: '不能为空', en: 'must not be empty' }
      : { zh: `${many.zh} ${limit} 个字`, en: `has ${many.en} ${limit} characters` }
  }
  if (origin === 'array' || origin === 'set') {
    return { zh: `${many.zh} ${limit} 项`, en: `has ${many.en} ${limit} entries` }
  }
  return { zh: `${much.zh} ${limit}`, en: `must be ${much.en} ${limit}` }
}
