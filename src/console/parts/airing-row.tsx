import { Button, Popconfirm } from 'antd'
import { Link } from 'react-router'
import { isAbove } from '../area-tree.ts'
import { stateOf, type Airing } from '../airings.ts'
import { answer, api } from '../client.ts'
import { civilText } from '../moments.ts'
import { durationText } from '../quantities.ts'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { Coverage } from './coverage.tsx'
import { Place } from './place.tsx'
import { StateTag, toneOf } from './state-tag.tsx'

/** One airing of a rundown: when, what, for whom, what became of it and why. */
export function AiringRow({ airing, area, isPicked }: { airing: Airing; area: string; isPicked: boolean }) {
  const { t, language } = useWords()
  const me = useMe()
  const state = stateOf(airing)
  const { save, isSaving } = useSaving({
    send: () => answer(api.airings[':id'].cancel.$post({ param: { id: airing.id } })),
    refreshes: ['rundown', 'overview', 'deliveries'],
    done: t('rundown.cancelled'),
  })
  const isOpen = airing.state === 'due' || airing.state === 'on-air' || airing.state === 'pre-empted'
  return (
    <li
      className={`airing tone-${toneOf(state)}`}
      data-airing={airing.id}
      {...(isPicked ? { 'aria-current': true } : {})}
    >
      <div className="airing-time figures">
        <strong>{civilText(airing.startedAt ?? airing.dueAt, me.zone, 'HH:mm:ss')}</strong>
        <span>
          {airing.plannedSeconds > 0 ? durationText(airing.plannedSeconds, language) : t('airing.no-recording')}
        </span>
      </div>
      <div className="airing-what">
        <div className="row">
          <strong>{airing.title}</strong>
          <StateTag state={state} />
        </div>
        <p className="faint row">
          <span>{t(`class.${airing.class}`)}</span>
          <Place code={airing.areaCode} />
          {isAbove(airing.areaCode, area) && <span className="from-above">{t('rundown.from-above')}</span>}
        </p>
        {airing.reason && <p className="airing-reason">{airing.reason}</p>}
      </div>
      <Coverage heard={airing.heardCount} of={airing.deliveryCount} />
      <div className="airing-does">
        <Link to={`/deliveries/${airing.id}`}>{t('rundown.deliveries')}</Link>
        {isOpen && airing.alertId === null && me.may('playout.write') && (
          <Popconfirm title={t('rundown.cancel-sure')} onConfirm={() => save(undefined)}>
            <Button size="small" danger type="text" loading={isSaving}>
              {airing.state === 'on-air' ? t('rundown.stop') : t('rundown.cancel')}
            </Button>
          </Popconfirm>
        )}
      </div>
    </li>
  )
}
