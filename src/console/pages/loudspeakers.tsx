import { PlusOutlined, UploadOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { answer, api } from '../client.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { BatchImport } from '../parts/batch-import.tsx'
import { CredentialsDownload, type Credential } from '../parts/credential.tsx'
import { Listing } from '../parts/listing.tsx'
import { LoudspeakerAdd } from '../parts/loudspeaker-add.tsx'
import { LoudspeakerSheet, type Terminal } from '../parts/loudspeaker-sheet.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { Tally } from '../parts/tally.tsx'
import { useFilters } from '../filters.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

const PAGE = 100
const STATES = ['online', 'offline', 'new', 'revoked'] as const
const KINDS = ['loudspeaker', 'box'] as const
const LIVE_MS = 5000

/** The register of loudspeakers and boxes: which are there, which are silent, and orders to them. */
export default function Loudspeakers() {
  const { t } = useWords()
  const me = useMe()
  const { filters, set } = useFilters(['area', 'state', 'kind', 'text'])
  const [params, setParams] = useSearchParams()
  const openId = params.get('open')
  const [adding, setAdding] = useState<'one' | 'many' | null>(null)
  const kind = KINDS.find((each) => each === filters.kind) ?? 'loudspeaker'
  const state = STATES.find((each) => each === filters.state)
  const query = useInfiniteQuery({
    queryKey: ['terminals', filters],
    queryFn: ({ pageParam }) =>
      answer(
        api.terminals.$get({
          query: {
            limit: String(PAGE),
            kind,
            ...(filters.area ? { area: filters.area } : {}),
            ...(state ? { state } : {}),
            ...(filters.text ? { text: filters.text } : {}),
            ...(pageParam ? { after: pageParam } : {}),
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ terminals }) => (terminals.length < PAGE ? undefined : terminals.at(-1)?.id),
    refetchInterval: LIVE_MS,
  })
  const terminals = query.data?.pages.flatMap((page) => page.terminals)
  const counts = query.data?.pages[0]?.counts
  const mayWrite = me.may('terminals.write')
  const open = (terminal: Terminal | null): void => {
    setParams(
      (before) => {
        if (terminal) before.set('open', terminal.id)
        else before.delete('open')
        return before
      },
      { replace: true },
    )
  }
  return (
    <Page
      title={t('loudspeakers')}
      about={t('loudspeakers.about')}
      actions={
        mayWrite && (
          <>
            <Button icon={<UploadOutlined />} onClick={() => setAdding('many')}>
              {t('loudspeakers.import')}
            </Button>
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding('one')}>
              {t('loudspeakers.add')}
            </Button>
          </>
        )
      }
    >
      {counts && (
        <div className="tallies tallies-small">
          {(['online', 'offline', 'new'] as const).map((each) => (
            <Tally
              key={each}
              label={t(`state.${each}`)}
              value={counts[each]}
              tone={each === 'offline' && counts.offline > 0 ? 'bad' : 'calm'}
              isOn={state === each}
              onPick={() => set({ state: state === each ? '' : each })}
            />
          ))}
        </div>
      )}
      <div className="filters">
        <AreaSelect
          allowClear
          value={filters.area || undefined}
          onChange={(area?: string) => set({ area: area ?? '' })}
        />
        <Select
          aria-label={t('state')}
          className="half"
          placeholder={t('state.any')}
          allowClear
          value={state}
          onChange={(value?: string) => set({ state: value ?? '' })}
          options={STATES.map((each) => ({ value: each, label: t(`state.${each}`) }))}
        />
        <Select
          aria-label={t('loudspeakers.kind')}
          className="half"
          value={kind}
          onChange={(value) => set({ kind: value })}
          options={KINDS.map((each) => ({ value: each, label: t(`terminal.${each}`) }))}
        />
        <Input.Search
          allowClear
          defaultValue={filters.text}
          placeholder={t('loudspeakers.search')}
          aria-label={t('loudspeakers.search')}
          onSearch={(text) => set({ text: text.trim() })}
        />
      </div>
      <Listing
        query={{ ...query, data: terminals }}
        rowKey={(terminal) => terminal.id}
        empty={filters.text || state || filters.area ? t('nothing-matches') : t('loudspeakers.none')}
        onOpen={open}
        pageSize={Infinity}
        fields={[
          { key: 'name', title: t('loudspeakers.name'), place: 'head', render: (terminal) => terminal.name },
          {
            key: 'state',
            title: t('state'),
            place: 'aside',
            render: (terminal) => <StateTag state={terminal.revokedAt ? 'revoked' : terminal.state} />,
          },
          { key: 'area', title: t('area'), render: (terminal) => <Place code={terminal.areaCode} /> },
          {
            key: 'playing',
            title: t('loudspeakers.playing'),
            render: (terminal) => (terminal.playing ? <StateTag state="started" /> : '—'),
          },
          {
            key: 'volume',
            title: t('loudspeakers.volume'),
            align: 'right',
            render: (terminal) => <span className="figures">{terminal.volume ?? '—'}</span>,
          },
          { key: 'seen', title: t('loudspeakers.seen'), render: (terminal) => <Moment at={terminal.lastSeenAt} /> },
          { key: 'id', title: t('id'), render: (terminal) => <code>{terminal.id}</code> },
        ]}
        footer={
          query.hasNextPage && (
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('more')}
            </Button>
          )
        }
      />
      <LoudspeakerSheet id={openId} onClose={() => open(null)} />
      <LoudspeakerAdd open={adding === 'one'} onClose={() => setAdding(null)} />
      <BatchImport<{ credentials: Credential[] }>
        title={t('loudspeakers.import')}
        path="/api/terminals/import"
        accept=".csv"
        about={<p>{t('loudspeakers.import-about')}</p>}
        refreshes={['terminals']}
        open={adding === 'many'}
        onClose={() => setAdding(null)}
        also={CredentialsDownload}
      />
    </Page>
  )
}
