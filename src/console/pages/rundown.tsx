import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Switch } from 'antd'
import dayjs from 'dayjs'
import { useEffect, useState } from 'react'
import { fetchRundown, stateOf } from '../airings.ts'
import { isVillage } from '../area-tree.ts'
import { useNow } from '../clock.ts'
import { useFilters } from '../filters.ts'
import { civilText } from '../moments.ts'
import { AiringRow } from '../parts/airing-row.tsx'
import { AreaSelect } from '../parts/area-select.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { Page } from '../parts/page.tsx'
import { RundownStrip } from '../parts/rundown-strip.tsx'
import { Tally } from '../parts/tally.tsx'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

const LIVE_MS = 3000
const STATES = ['due', 'on-air', 'aired', 'pre-empted', 'missed', 'cancelled', 'failed'] as const

/** What an area hears on a day, as a timeline: its own airings and those of the areas that contain it. */
export default function Rundown() {
  const { t } = useWords()
  const me = useMe()
  const { filters, set } = useFilters(['area', 'date', 'inside', 'state'])
  const today = civilText(new Date(useNow()).toISOString(), me.zone, 'YYYY-MM-DD')
  const area = filters.area || me.areaCode
  const date = filters.date || today
  // What a county or a street airs, it airs in its villages: there the day is whole only with them.
  const usual = isVillage(area) ? 'no' : 'yes'
  const inside = (['yes', 'no'] as const).find((each) => each === filters.inside) ?? usual
  const [picked, setPicked] = useState<string | null>(null)
  const query = useQuery({
    queryKey: ['rundown', area, date, inside],
    queryFn: () => fetchRundown({ area, date, inside }),
    refetchInterval: LIVE_MS,
  })
  useEffect(() => {
    if (picked)
      document.querySelector(`[data-airing="${picked}"]`)?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  }, [picked])
  const move = (days: number): void => set({ date: dayjs(date).add(days, 'day').format('YYYY-MM-DD') })
  return (
    <Page title={t('rundown')} about={t('rundown.about')}>
      <div className="filters">
        <AreaSelect value={area} onChange={(code: string) => set({ area: code })} />
        <div className="day-picker">
          <Button aria-label={t('rundown.day-before')} onClick={() => move(-1)}>
            ‹
          </Button>
          <DatePicker
            aria-label={t('rundown.day')}
            allowClear={false}
            value={dayjs(date)}
            onChange={(face) => set({ date: face ? face.format('YYYY-MM-DD') : '' })}
          />
          <Button aria-label={t('rundown.day-after')} onClick={() => move(1)}>
            ›
          </Button>
          {date !== today && <Button onClick={() => set({ date: '' })}>{t('rundown.today')}</Button>}
        </div>
        <label className="row">
          <Switch size="small" checked={inside === 'yes'} onChange={(on) => set({ inside: on ? 'yes' : 'no' })} />
          {t('rundown.inside')}
        </label>
      </div>
      <Loaded query={query}>
        {({ airings }) => {
          if (airings.length === 0) return <Nothing>{t('rundown.none')}</Nothing>
          const shown = airings.filter((airing) => filters.state === '' || stateOf(airing) === filters.state)
          return (
            <>
              <RundownStrip airings={airings} date={date} picked={picked} onPick={setPicked} />
              <div className="tallies tallies-small">
                {STATES.map((state) => {
                  const count = airings.filter((airing) => stateOf(airing) === state).length
                  return (
                    (count > 0 || filters.state === state) && (
                      <Tally
                        key={state}
                        label={t(`state.${state}`)}
                        value={count}
                        tone={state === 'on-air' ? 'air' : state === 'failed' || state === 'missed' ? 'bad' : 'calm'}
                        isOn={filters.state === state}
                        onPick={() => set({ state: filters.state === state ? '' : state })}
                      />
                    )
                  )
                })}
              </div>
              <ol className="rundown">
                {shown.map((airing) => (
                  <AiringRow key={airing.id} airing={airing} area={area} isPicked={airing.id === picked} />
                ))}
              </ol>
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
