import { PlusOutlined, PushpinFilled } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { Route, Routes, useNavigate } from 'react-router'
import { answer, api } from '../client.ts'
import { useColumns } from '../columns.tsx'
import { useFilters } from '../filters.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { Listing } from '../parts/listing.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { ItemPage } from './item.tsx'
import { ItemEditor } from './item-editor.tsx'

const PAGE = 50
const STATES = ['draft', 'published', 'withdrawn', 'archived'] as const

/** Everything that is disclosed, and the drafts of it. */
export default function Content() {
  return (
    <Routes>
      <Route index element={<Items />} />
      <Route path="new" element={<ItemEditor />} />
      <Route path=":id" element={<ItemPage />} />
      <Route path=":id/edit" element={<ItemEditor />} />
    </Routes>
  )
}

function Items() {
  const { t } = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const { filters, set } = useFilters(['area', 'column', 'state', 'text'])
  const { options, nameOf } = useColumns()
  const state = STATES.find((each) => each === filters.state)
  const query = useInfiniteQuery({
    queryKey: ['items', filters],
    queryFn: async ({ pageParam }) =>
      (
        await answer(
          api.items.$get({
            query: {
              limit: String(PAGE),
              ...(filters.area ? { area: filters.area } : {}),
              ...(filters.column ? { column: filters.column } : {}),
              ...(state ? { state } : {}),
              ...(filters.text ? { text: filters.text } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          }),
        )
      ).items,
    initialPageParam: '',
    getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.id),
  })
  const isFiltered = Object.values(filters).some((each) => each !== '')
  return (
    <Page
      title={t('content')}
      about={t('content.about')}
      actions={
        me.may('content.write') && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('new')}>
            {t('content.new')}
          </Button>
        )
      }
    >
      <div className="filters">
        <Input.Search
          allowClear
          defaultValue={filters.text}
          placeholder={t('content.search')}
          aria-label={t('content.search')}
          onSearch={(text) => set({ text: text.trim() })}
        />
        <AreaSelect
          allowClear
          value={filters.area || undefined}
          onChange={(area?: string) => set({ area: area ?? '' })}
        />
        <Select
          aria-label={t('content.column')}
          className="half"
          placeholder={t('content.any-column')}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={filters.column || undefined}
          onChange={(column?: string) => set({ column: column ?? '' })}
          options={options}
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
      </div>
      <Listing
        query={{ ...query, data: query.data?.pages.flat() }}
        rowKey={(item) => item.id}
        empty={isFiltered ? t('nothing-matches') : t('content.none')}
        onOpen={(item) => void navigate(item.id)}
        pageSize={Infinity}
        fields={[
          {
            key: 'title',
            title: t('content.title'),
            place: 'head',
            render: (item) => (
              <span className="title-cell">
                {item.pinnedAt && <PushpinFilled aria-label={t('content.pinned')} />} {item.title}
              </span>
            ),
          },
          { key: 'state', title: t('state'), place: 'aside', render: (item) => <StateTag state={item.state} /> },
          { key: 'column', title: t('content.column'), render: (item) => nameOf(item.columnId) },
          { key: 'kind', title: t('content.kind'), render: (item) => t(`kind.${item.kind}`) },
          { key: 'area', title: t('area'), render: (item) => <Place code={item.areaCode} /> },
          { key: 'period', title: t('content.period'), render: (item) => item.period || '—' },
          {
            key: 'published',
            title: t('content.published'),
            render: (item) => <Moment at={item.publishedAt} format="YYYY-MM-DD HH:mm" />,
          },
          { key: 'updated', title: t('updated'), render: (item) => <Moment at={item.updatedAt} /> },
        ]}
        footer={
          query.hasNextPage && (
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('more')}
            </Button>
          )
        }
      />
    </Page>
  )
}
