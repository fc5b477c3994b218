import { EditOutlined, HistoryOutlined, PushpinOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { answer, api } from '../client.ts'
import { useColumns } from '../columns.tsx'
import type { Item } from '../items.ts'
import { Facts } from '../parts/facts.tsx'
import { ItemBody } from '../parts/item-body.tsx'
import { ItemVersions } from '../parts/item-versions.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

/** One item as it stands, and what may be done with it. */
export function ItemPage() {
  const { id = '' } = useParams()
  const query = useQuery({
    queryKey: ['items', 'one', id],
    queryFn: () => answer(api.items[':id'].$get({ param: { id } })),
  })
  return <Loaded query={query}>{(item) => <Shown item={item} />}</Loaded>
}

type Act = { kind: 'publish' } | { kind: 'withdraw' | 'archive'; reason: string } | { kind: 'pin'; isPinned: boolean }

function Shown({ item }: { item: Item }) {
  const { t } = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const { nameOf } = useColumns()
  const [asking, setAsking] = useState<'withdraw' | 'archive' | null>(null)
  const [isHistory, setIsHistory] = useState(false)
  const { save, isSaving } = useSaving({
    send: (act: Act) => send(item, act),
    refreshes: ['items', 'disclosure'],
    done: t('saved'),
    onDone: () => setAsking(null),
  })
  const mayWrite = me.may('content.write')
  const isDraft = item.state === 'draft'
  return (
    <Page
      title={item.title}
      about={
        <span className="row">
          <StateTag state={item.state} />
          <Link to={`/content?column=${item.columnId}&area=${item.areaCode}`}>{nameOf(item.columnId)}</Link>
          <Place code={item.areaCode} />
          {item.period && <span>{item.period}</span>}
        </span>
      }
      actions={
        <>
          <Button icon={<HistoryOutlined />} onClick={() => setIsHistory(true)}>
            {t('content.versions', { version: item.version })}
          </Button>
          {mayWrite && (isDraft || item.state === 'published') && (
            <Button
              icon={<PushpinOutlined />}
              loading={isSaving}
              onClick={() => save({ kind: 'pin', isPinned: item.pinnedAt === null })}
            >
              {item.pinnedAt ? t('content.unpin') : t('content.pin')}
            </Button>
          )}
          {mayWrite && item.state !== 'archived' && (
            <Button icon={<EditOutlined />} onClick={() => void navigate('edit')}>
              {isDraft ? t('content.change') : t('content.correct')}
            </Button>
          )}
          {mayWrite && item.state === 'published' && (
            <Button danger onClick={() => setAsking('withdraw')}>
              {t('content.withdraw')}
            </Button>
          )}
          {mayWrite && (isDraft || item.state === 'withdrawn') && (
            <Button onClick={() => setAsking('archive')}>{t('content.archive')}</Button>
          )}
          {mayWrite && isDraft && (
            <Popconfirm title={t('content.publish-sure')} onConfirm={() => save({ kind: 'publish' })}>
              <Button type="primary" loading={isSaving}>
                {t('content.publish')}
              </Button>
            </Popconfirm>
          )}
        </>
      }
    >
      <div className="item-page">
        <article className="sheet padded">
          {item.summary && <p className="lead">{item.summary}</p>}
          <ItemBody item={item} />
        </article>
        <aside className="sheet padded" aria-label={t('content.elements')}>
          <Facts
            facts={[
              ...(['matter', 'basis', 'timeLimit', 'publisher', 'audience'] as const).map((field): [string, string] => [
                t(`content.${field}`),
                item[field] || '—',
              ]),
              [t('content.kind'), t(`kind.${item.kind}`)],
              [t('content.published'), <Moment key="published" at={item.publishedAt} format="YYYY-MM-DD HH:mm" />],
              [t('updated'), <Moment key="updated" at={item.updatedAt} format="YYYY-MM-DD HH:mm" />],
              [t('content.valid-from'), <Moment key="from" at={item.validFrom} format="YYYY-MM-DD HH:mm" />],
              [t('content.valid-to'), <Moment key="to" at={item.validTo} format="YYYY-MM-DD HH:mm" />],
              ...(item.householdId ? [[t('content.household'), item.householdId] as [string, string]] : []),
            ]}
          />
        </aside>
      </div>
      <ReasonDialog
        title={asking === 'archive' ? t('content.archive') : t('content.withdraw')}
        about={asking === 'archive' ? t('content.archive-about') : t('content.withdraw-about')}
        open={asking !== null}
        isBusy={isSaving}
        danger
        onClose={() => setAsking(null)}
        onReason={(reason) => asking && save({ kind: asking, reason })}
      />
      <ItemVersions id={item.id} open={isHistory} onClose={() => setIsHistory(false)} />
    </Page>
  )
}

function send(item: Item, act: Act): Promise<Item> {
  const param = { id: item.id }
  const { version } = item
  const one = api.items[':id']
  if (act.kind === 'publish') return answer(one.publish.$post({ param, json: { version } }))
  if (act.kind === 'pin') return answer(one.pin.$post({ param, json: { isPinned: act.isPinned } }))
  return answer(one[act.kind].$post({ param, json: { version, reason: act.reason } }))
}
