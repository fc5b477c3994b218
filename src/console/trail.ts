import type { Language } from './language.ts'

/** The audit trail in words: `item.published` → 公开信息 · 发布. */

const SUBJECTS: Record<string, [zh: string, en: string]> = {
  session: ['登录', 'Session'],
  person: ['人员', 'Person'],
  areas: ['区划', 'Areas'],
  households: ['家庭', 'Households'],
  item: ['公开信息', 'Item'],
  items: ['公开信息', 'Items'],
  import: ['导入', 'Import'],
  picture: ['图片', 'Picture'],
  video: ['视频', 'Video'],
  bulletin: ['广播稿', 'Bulletin'],
  schedule: ['播出计划', 'Schedule'],
  airing: ['播出', 'Airing'],
  terminal: ['终端', 'Terminal'],
  terminals: ['终端', 'Terminals'],
  alert: ['应急消息', 'Alert'],
}

const VERBS: Record<string, [zh: string, en: string]> = {
  opened: ['打开', 'opened'],
  closed: ['退出', 'closed'],
  added: ['新增', 'added'],
  created: ['新建', 'created'],
  changed: ['修改', 'changed'],
  'password-set': ['重设密码', 'password set'],
  imported: ['导入', 'imported'],
  published: ['发布', 'published'],
  withdrawn: ['撤回', 'withdrawn'],
  archived: ['归档', 'archived'],
  corrected: ['更正', 'corrected'],
  written: ['撰写', 'written'],
  pinned: ['置顶', 'pinned'],
  unpinned: ['取消置顶', 'unpinned'],
  ready: ['定稿', 'made ready'],
  retired: ['停用', 'retired'],
  paused: ['暂停', 'paused'],
  resumed: ['恢复', 'resumed'],
  ended: ['结束', 'ended'],
  registered: ['登记', 'registered'],
  revoked: ['吊销', 'revoked'],
  commanded: ['下发指令', 'commanded'],
  issued: ['发布', 'issued'],
  updated: ['更新', 'updated'],
  cancelled: ['取消', 'cancelled'],
  expired: ['到期', 'expired'],
  uploaded: ['上传', 'uploaded'],
}

/** An action as words; a verb or subject that has none yet is shown as it is. */
export function actionWords(action: string, language: Language): string {
  const [subject = '', verb = ''] = action.split('.')
  const index = language === 'zh' ? 0 : 1
  const parts = [SUBJECTS[subject]?.[index] ?? subject, VERBS[verb]?.[index] ?? verb].filter((part) => part !== '')
  return parts.join(language === 'zh' ? ' · ' : ' ')
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
