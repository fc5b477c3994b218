import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { Route, Routes, useNavigate } from 'react-router'
import { fetchBulletins } from '../bulletins.ts'
import { useFilters } from '../filters.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { Listing } from '../parts/listing.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { BulletinPage } from './bulletin.tsx'

const STATES = ['draft', 'ready', 'retired'] as const

/** Texts to be spoken: drafts, what is ready to air, and what was retired. */
export default function Bulletins() {
  return (
    <Routes>
      <Route index element={<List />} />
      <Route path="new" element={<BulletinPage />} />
      <Route path=":id" element={<BulletinPage />} />
    </Routes>
  )
}

function List() {
  const { t } = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const { filters, set } = useFilters(['area', 'state'])
  const state = STATES.find((each) => each === filters.state)
  const query = useQuery({
    queryKey: ['bulletins', filters.area, state],
    queryFn: () => fetchBulletins({ ...(filters.area ? { inside: filters.area } : {}), ...(state ? { state } : {}) }),
  })
  const write = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('new')}>
      {t('bulletins.new')}
    </Button>
  )
  return (
    <Page title={t('bulletins')} about={t('bulletins.about')} actions={me.may('bulletins.write') && write}>
      <div className="filters">
        <AreaSelect
          allowClear
          value={filters.area || undefined}
          onChange={(area?: string) => set({ area: area ?? '' })}
        />
        <Segmented
          aria-label={t('state')}
          value={state ?? ''}
          onChange={(value) => set({ state: value })}
          options={[
            { value: '', label: t('all') },
            ...STATES.map((each) => ({ value: each as string, label: t(`state.${each}`) })),
          ]}
        />
      </div>
      <Listing
        query={query}
        rowKey={(bulletin) => bulletin.id}
        empty={state ? t('nothing-matches') : t('bulletins.none')}
        emptyAction={me.may('bulletins.write') && !state && write}
        onOpen={(bulletin) => void navigate(bulletin.id)}
        fields={[
          { key: 'title', title: t('content.title'), place: 'head', render: (bulletin) => bulletin.title },
          {
            key: 'state',
            title: t('state'),
            place: 'aside',
            render: (bulletin) => <StateTag state={bulletin.state} />,
          },
          { key: 'class', title: t('class'), render: (bulletin) => t(`class.${bulletin.class}`) },
          { key: 'area', title: t('area'), render: (bulletin) => <Place code={bulletin.areaCode} /> },
          {
            key: 'text',
            title: t('bulletins.text'),
            render: (bulletin) => <span className="excerpt">{bulletin.text}</span>,
          },
          { key: 'updated', title: t('updated'), render: (bulletin) => <Moment at={bulletin.updatedAt} /> },
        ]}
      />
    </Page>
  )
}
