import { useQuery } from '@tanstack/react-query'
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { Route, Routes, useNavigate } from 'react-router'
import { fetchRundown, stateOf } from '../airings.ts'
import { useNow } from '../clock.ts'
import { useFilters } from '../filters.ts'
import { civilText } from '../moments.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { Coverage } from '../parts/coverage.tsx'
import { Listing } from '../parts/listing.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { AiringPage } from './airing.tsx'

const LIVE_MS = 5000

/** Which airing reached which loudspeaker. */
export default function Deliveries() {
  return (
    <Routes>
      <Route index element={<Airings />} />
      <Route path=":id" element={<AiringPage />} />
    </Routes>
  )
}

function Airings() {
  const { t } = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const { filters, set } = useFilters(['area', 'date'])
  const today = civilText(new Date(useNow()).toISOString(), me.zone, 'YYYY-MM-DD')
  const area = filters.area || me.areaCode
  const date = filters.date || today
  const query = useQuery({
    queryKey: ['rundown', area, date, 'yes'],
    queryFn: () => fetchRundown({ area, date, inside: 'yes' }),
    refetchInterval: LIVE_MS,
  })
  return (
    <Page title={t('deliveries')} about={t('deliveries.about')}>
      <div className="filters">
        <AreaSelect value={area} onChange={(code: string) => set({ area: code })} />
        <DatePicker
          aria-label={t('rundown.day')}
          allowClear={false}
          value={dayjs(date)}
          onChange={(face) => set({ date: face ? face.format('YYYY-MM-DD') : '' })}
        />
      </div>
      <Listing
        query={{ ...query, data: query.data?.airings.toReversed() }}
        rowKey={(airing) => airing.id}
        empty={t('rundown.none')}
        onOpen={(airing) => void navigate(airing.id)}
        fields={[
          { key: 'title', title: t('rundown.what'), place: 'head', render: (airing) => airing.title },
          { key: 'state', title: t('state'), place: 'aside', render: (airing) => <StateTag state={stateOf(airing)} /> },
          {
            key: 'at',
            title: t('time'),
            render: (airing) => <Moment at={airing.startedAt ?? airing.dueAt} format="HH:mm:ss" />,
          },
          { key: 'class', title: t('class'), render: (airing) => t(`class.${airing.class}`) },
          { key: 'area', title: t('area'), render: (airing) => <Place code={airing.areaCode} /> },
          {
            key: 'coverage',
            title: t('deliveries.heard'),
            render: (airing) => <Coverage heard={airing.heardCount} of={airing.deliveryCount} />,
          },
        ]}
      />
    </Page>
  )
}
