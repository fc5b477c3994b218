import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { answer, api } from '../client.ts'
import { Changes } from '../parts/changes.tsx'
import { Facts } from '../parts/facts.tsx'
import { Listing } from '../parts/listing.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { actionWords, changesOf } from '../trail.ts'
import { useWords } from '../screen.tsx'

const PAGE = 50

const SUBJECTS = [
  'person',
  'session',
  'area',
  'household',
  'item',
  'import',
  'picture',
  'video',
  'video',
  'bulletin',
  'schedule',
  'airing',
  'terminal',
  'alert',
] as const

type Query = { limit: string; after?: string; subject?: string; subjectId?: string }

async function fetchEntries(query: Query) {
  return (await answer(api.audit.$get({ query }))).entries
}

type Entry = Awaited<ReturnType<typeof fetchEntries>>[number]

/** Who did what, newest first; nothing in it can be changed. */
export default function Audit() {
  const { t } = useWords()
  const [filters, setFilters] = useSearchParams()
  const subject = filters.get('subject') ?? undefined
  const subjectId = filters.get('id') ?? undefined
  const [open, setOpen] = useState<Entry | null>(null)
  const query = useInfiniteQuery({
    queryKey: ['audit', subject, subjectId],
    queryFn: ({ pageParam }) =>
      fetchEntries({
        limit: String(PAGE),
        ...(pageParam ? { after: pageParam } : {}),
        ...(subject ? { subject } : {}),
        ...(subjectId ? { subjectId } : {}),
      }),
    initialPageParam: '',
    getNextPageParam: (last: Entry[]) => (last.length < PAGE ? undefined : last.at(-1)?.id),
  })
  return (
    <Page title={t('audit')} about={t('audit.about')}>
      <div className="filters">
        <Select
          aria-label={t('audit.subject')}
          placeholder={t('audit.subject')}
          allowClear
          value={subject}
          onChange={(value?: string) => setFilters(value ? { subject: value } : {})}
          options={SUBJECTS.map((each) => ({ value: each, label: t(`subject.${each}`) }))}
        />
        {subjectId && (
          <Button onClick={() => setFilters(subject ? { subject } : {})}>
            {t('audit.only-one', { id: subjectId })} ×
          </Button>
        )}
      </div>
      <Listing
        query={{ ...query, data: query.data?.pages.flat() }}
        rowKey={(entry) => entry.id}
        empty={t('audit.none')}
        onOpen={setOpen}
        pageSize={Infinity}
        fields={[
          {
            key: 'action',
            title: t('audit.action'),
            place: 'head',
            render: (entry) => actionWords(entry.action, t),
          },
          { key: 'who', title: t('audit.who'), place: 'aside', render: (entry) => entry.personName },
          { key: 'at', title: t('time'), render: (entry) => <Moment at={entry.at} format="YYYY-MM-DD HH:mm:ss" /> },
          {
            key: 'area',
            title: t('area'),
            render: (entry) => (entry.areaCode ? <Place code={entry.areaCode} /> : '—'),
          },
          {
            key: 'id',
            title: t('audit.subject-id'),
            render: (entry) => <code className="clip">{entry.subjectId || '—'}</code>,
          },
        ]}
        footer={
          query.hasNextPage && (
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('more')}
            </Button>
          )
        }
      />
      <Sheet title={open ? actionWords(open.action, t) : ''} open={open !== null} onClose={() => setOpen(null)} wide>
        {open && <Difference entry={open} />}
      </Sheet>
    </Page>
  )
}

/** What a change left different, field by field. */
function Difference({ entry }: { entry: Entry }) {
  const { t } = useWords()
  return (
    <>
      <Facts
        facts={[
          [t('time'), <Moment key="at" at={entry.at} format="YYYY-MM-DD HH:mm:ss" />],
          [t('audit.who'), entry.personName],
          [t('audit.subject-id'), <code key="id">{entry.subjectId || '—'}</code>],
        ]}
      />
      <Changes changes={changesOf(entry.before, entry.after)} />
    </>
  )
}
