import { useQuery } from '@tanstack/react-query'
import { Button, Form } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { answer, api } from '../client.ts'
import { useColumns } from '../columns.tsx'
import { draftOf, emptyContent, fieldsOf, sentFrom, type Draft, type Item } from '../items.ts'
import { FormFaults } from '../parts/form-faults.tsx'
import { ItemForm } from '../parts/item-form.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

/** Writes an item: a new draft, a draft anew, or the correction of what was published. */
export function ItemEditor() {
  const { id } = useParams()
  const columns = useColumns()
  const query = useQuery({
    queryKey: ['items', 'one', id],
    queryFn: () => answer(api.items[':id'].$get({ param: { id: id! } })),
    enabled: id !== undefined,
  })
  // Without the columns the form could not tell which kinds a column takes.
  return (
    <Loaded query={columns.query}>
      {() =>
        id === undefined ? <Editor item={null} /> : <Loaded query={query}>{(item) => <Editor item={item} />}</Loaded>
      }
    </Loaded>
  )
}

function Editor({ item }: { item: Item | null }) {
  const { t } = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const [params] = useSearchParams()
  const { byId } = useColumns()
  const [form] = Form.useForm<Draft>()
  const [fields, setFields] = useState<string[]>([])
  const [correcting, setCorrecting] = useState<Draft | null>(null)
  const isCorrection = item !== null && item.state !== 'draft'

  const { save, isSaving, above } = useSaving({
    send: async ({
      draft,
      reason,
      isPublished,
    }: {
      draft: Draft
      reason?: string
      isPublished?: boolean
    }): Promise<Item> => {
      const kept = await keep(draft, reason)
      if (!isPublished || kept.state !== 'draft') return kept
      return answer(api.items[':id'].publish.$post({ param: { id: kept.id }, json: { version: kept.version } }))
    },
    form: { instance: form, fields },
    refreshes: ['items', 'disclosure'],
    done: t('saved'),
    onDone: (kept) => void navigate(`/content/${kept.id}`, { replace: item === null }),
  })
  const keep = (draft: Draft, reason: string | undefined): Promise<Item> => {
    if (item === null) return answer(api.items.$post({ json: draft }))
    const param = { id: item.id }
    return reason === undefined
      ? answer(api.items[':id'].$put({ param, json: { version: item.version, item: draft } }))
      : answer(api.items[':id'].correct.$post({ param, json: { version: item.version, reason, item: draft } }))
  }
  const send = (values: Draft, isPublished: boolean): void => {
    const draft = sentFrom(values)
    setFields(fieldsOf(draft))
    if (isCorrection) setCorrecting(draft)
    else save({ draft, isPublished })
  }

  const columnId = params.get('column') ?? 'village-affairs'
  const kind = byId.get(columnId)?.kinds[0] ?? 'article'
  const initial = item
    ? draftOf(item)
    : ({
        columnId,
        kind,
        areaCode: params.get('area') ?? me.areaCode,
        period: params.get('period') ?? '',
        title: '',
        summary: '',
        matter: '',
        basis: '',
        timeLimit: '',
        publisher: '',
        audience: '',
        householdId: null,
        validFrom: null,
        validTo: null,
        content: emptyContent(kind),
      } as Draft)
  return (
    <Page
      title={isCorrection ? t('content.correct') : item ? t('content.change') : t('content.new')}
      about={isCorrection ? t('content.correct-about') : t('content.draft-about')}
      actions={
        <>
          <Button onClick={() => void navigate(item ? `/content/${item.id}` : '/content')}>{t('cancel')}</Button>
          <Button
            {...(isCorrection ? { type: 'primary' as const } : {})}
            htmlType="submit"
            form="item"
            loading={isSaving}
          >
            {isCorrection ? t('content.correct') : t('content.keep')}
          </Button>
          {!isCorrection && (
            <Button
              type="primary"
              loading={isSaving}
              onClick={() =>
                void form.validateFields().then(
                  () => send(form.getFieldsValue(true) as Draft, true),
                  () => {},
                )
              }
            >
              {t('content.publish')}
            </Button>
          )}
        </>
      }
    >
      <FormFaults above={above} />
      <ItemForm id="item" form={form} initial={initial} onFinish={(values) => send(values, false)} />
      <ReasonDialog
        title={t('content.correct')}
        about={t('content.correct-about')}
        open={correcting !== null}
        isBusy={isSaving}
        onClose={() => setCorrecting(null)}
        onReason={(reason) => {
          if (correcting) save({ draft: correcting, reason })
          setCorrecting(null)
        }}
      />
    </Page>
  )
}
