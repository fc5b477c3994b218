import type { MessageKey } from './language.ts'
import { zh } from './messages/zh.ts'

/** An action of the trail in words, `item.published` → 公开信息 · 发布. What has no words yet is shown as it is. */
export function actionWords(action: string, t: (key: MessageKey) => string): string {
  const [subject = '', verb = ''] = action.split('.')
  // Batches are of many: `items.imported`.
  const subjectKey = `subject.${subject.replace(/s$/, '')}`
  const verbKey = `verb.${verb}`
  return [isKey(subjectKey) ? t(subjectKey) : subject, isKey(verbKey) ? t(verbKey) : verb].join(' · ')
}

function isKey(key: string): key is MessageKey {
  return key in zh
}

export type FieldChange = { field: string; before: string; after: string }

/** The fields that differ between two records, in the order of the later one; empty text where one had none. */
export function changesOf(before: unknown, after: unknown): FieldChange[] {
  const old = fieldsOf(before)
  const now = fieldsOf(after)
  const names = [...new Set([...Object.keys(now), ...Object.keys(old)])]
  return names
    .map((field) => ({ field, before: textOf(old[field]), after: textOf(now[field]) }))
    .filter((change) => change.before !== change.after)
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {}
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : { value }
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
