import type { InferRequestType, InferResponseType } from 'hono/client'
import { answer, api } from './client.ts'

export async function fetchBulletins(query: {
  inside?: string
  state?: 'draft' | 'ready' | 'retired'
  after?: string
}) {
  return (await answer(api.bulletins.$get({ query: { limit: '100', ...query } }))).bulletins
}

export async function fetchTemplates() {
  return (await answer(api['bulletin-templates'].$get())).templates
}

export type Bulletin = Awaited<ReturnType<typeof fetchBulletins>>[number]
export type Template = Awaited<ReturnType<typeof fetchTemplates>>[number]
export type Recording = InferResponseType<(typeof api.recordings)[':key']['$get'], 200>
export type BulletinDraft = InferRequestType<(typeof api.bulletins)['$post']>['json']

export const bulletinClasses = ['daily', 'notice', 'emergency'] as const
export const afterwards = ['resume', 'restart', 'drop'] as const

/** What is written in the form: free words, or a template with its values. */
export type Written = {
  title?: string
  areaCode?: string
  class: BulletinDraft['class']
  /** Empty for free words. */
  templateId?: string
  text?: string
  values?: Record<string, string | undefined>
  voice?: BulletinDraft['voice']
  repeatCount?: number
  afterPreemption?: BulletinDraft['afterPreemption']
}

/** The words of it as they are sent: a template's values, or the text, never both. */
export function speechOf(written: Written): Omit<BulletinDraft, 'areaCode' | 'title' | 'afterPreemption'> {
  const { class: kind, templateId, text, values, voice, repeatCount } = written
  const filled = Object.entries(values ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return {
    class: kind,
    ...(templateId ? { templateId, values: Object.fromEntries(filled) } : { text: text ?? '' }),
    voice: voice ?? null,
    ...(repeatCount ? { repeatCount } : {}),
  }
}

/** Whether there is enough written for a preview: some words, or every value that the template must have. */
export function isSayable(written: Written, template: Template | undefined): boolean {
  if (!template) return !written.templateId && (written.text ?? '').trim() !== ''
  return template.values.every((value) => value.isOptional || (written.values?.[value.name] ?? '') !== '')
}
