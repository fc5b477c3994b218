import { DownloadOutlined, InboxOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Progress, Radio, Upload } from 'antd'
import { useState } from 'react'
import { answer, api, upload } from '../client.ts'
import { Facts } from '../parts/facts.tsx'
import { LineFaults } from '../parts/line-faults.tsx'
import { Listing } from '../parts/listing.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { useFilters } from '../filters.ts'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

const SHOWN = '100'
const LIVE_MS = 1000

async function fetchImports() {
  return (await answer(api.imports.$get({ query: { limit: SHOWN } }))).imports
}

type Import = Awaited<ReturnType<typeof fetchImports>>[number]

/** Sheets of items and ledgers: good rows are taken, bad ones named by line and column. */
export default function Imports() {
  const { t } = useWords()
  const me = useMe()
  const { filters, set } = useFilters(['open'])
  const query = useQuery({
    queryKey: ['imports'],
    queryFn: fetchImports,
    refetchInterval: ({ state }) => (state.data?.some((each) => each.state === 'running') ? LIVE_MS : false),
  })
  const open = query.data?.find((each) => each.id === filters.open)
  return (
    <Page title={t('imports')} about={t('imports.about')}>
      {me.may('content.write') && <Sending onSent={(sent) => set({ open: sent.id })} />}
      <Listing
        query={query}
        rowKey={(each) => each.id}
        empty={t('imports.none')}
        onOpen={(each) => set({ open: each.id })}
        fields={[
          { key: 'file', title: t('imports.file'), place: 'head', render: (each) => each.fileName },
          { key: 'state', title: t('state'), place: 'aside', render: (each) => <StateTag state={wordOf(each)} /> },
          { key: 'kind', title: t('content.kind'), render: (each) => t(`imports.${each.kind}`) },
          { key: 'progress', title: t('imports.progress'), width: 180, render: (each) => <Done each={each} /> },
          {
            key: 'accepted',
            title: t('imports.accepted'),
            align: 'right',
            render: (each) => <span className="figures">{each.accepted}</span>,
          },
          {
            key: 'rejected',
            title: t('imports.rejected'),
            align: 'right',
            render: (each) => (
              <span className={each.rejected > 0 ? 'figures alarming' : 'figures'}>{each.rejected}</span>
            ),
          },
          { key: 'who', title: t('audit.who'), render: (each) => each.personName },
          { key: 'at', title: t('time'), render: (each) => <Moment at={each.createdAt} /> },
        ]}
      />
      <Sheet title={open?.fileName ?? ''} open={open !== undefined} onClose={() => set({ open: '' })} wide>
        {open && <Detail each={open} />}
      </Sheet>
    </Page>
  )
}

function Sending({ onSent }: { onSent: (sent: Import) => void }) {
  const { t } = useWords()
  const [kind, setKind] = useState<'items' | 'ledger'>('ledger')
  const [state, setState] = useState<'draft' | 'published'>('draft')
  const { save, isSaving } = useSaving({
    send: (file: File) => upload<Import>('/api/imports', { kind, state, file }),
    refreshes: ['imports', 'items', 'disclosure'],
    onDone: onSent,
  })
  return (
    <section className="sheet padded sending" aria-label={t('imports.send')}>
      <div className="stack">
        <h2>{t('imports.send')}</h2>
        <Radio.Group
          value={kind}
          onChange={(event) => setKind(event.target.value as typeof kind)}
          options={[
            { value: 'ledger', label: t('imports.ledger') },
            { value: 'items', label: t('imports.items') },
          ]}
          optionType="button"
        />
        <Radio.Group
          value={state}
          onChange={(event) => setState(event.target.value as typeof state)}
          options={[
            { value: 'draft', label: t('imports.as-drafts') },
            { value: 'published', label: t('imports.as-published') },
          ]}
        />
        <Button icon={<DownloadOutlined />} href={`/api/sheets/${kind}`} download={`${kind}.csv`}>
          {t('imports.template')}
        </Button>
      </div>
      <Upload.Dragger
        accept=".csv,.xlsx"
        multiple={false}
        showUploadList={false}
        disabled={isSaving}
        beforeUpload={(file) => {
          save(file)
          return false
        }}
      >
        <p className="ant-upload-drag-icon">
          <InboxOutlined />
        </p>
        <p className="ant-upload-text">{isSaving ? t('import.busy') : t('import.drop')}</p>
        <p className="ant-upload-hint">CSV, XLSX</p>
      </Upload.Dragger>
    </section>
  )
}

function Done({ each }: { each: Import }) {
  const done = each.accepted + each.repeated + each.rejected
  const percent = each.total === 0 ? (each.state === 'running' ? 0 : 100) : Math.round((done / each.total) * 100)
  return (
    <Progress
      percent={percent}
      size="small"
      status={each.state === 'failed' ? 'exception' : each.state === 'running' ? 'active' : 'normal'}
    />
  )
}

/** A sheet is imported where an airing is played to its end. */
function wordOf(each: Import): string {
  return each.state === 'finished' ? 'imported' : each.state
}

function Detail({ each }: { each: Import }) {
  const { t } = useWords()
  return (
    <div className="stack">
      <Done each={each} />
      <Facts
        facts={[
          [t('state'), <StateTag key="state" state={wordOf(each)} />],
          [t('imports.total'), each.total],
          [t('imports.accepted'), each.accepted],
          [t('imports.repeated'), each.repeated],
          [t('imports.rejected'), each.rejected],
          [t('area'), <Place key="area" code={each.areaCode} />],
          [t('audit.who'), each.personName],
          [t('time'), <Moment key="at" at={each.createdAt} format="YYYY-MM-DD HH:mm:ss" />],
        ]}
      />
      {each.faults.length > 0 && <LineFaults faults={each.faults} />}
    </div>
  )
}
