import { useQuery } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import type { Alert } from '../alerts.ts'
import { useAreas } from '../areas.tsx'
import { answer, api } from '../client.ts'
import { useNow } from '../clock.ts'
import { secondsUntil } from '../moments.ts'
import { durationText, shareText } from '../quantities.ts'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { Facts } from './facts.tsx'
import { HoldButton } from './hold-button.tsx'
import { Moment } from './moment.tsx'
import { SeverityMark } from './severity.tsx'

const LIVE_MS = 1000

/** One alert: what it says, where, how long still, and how many loudspeakers have sounded it, second by second. */
export function AlertCard({ alert, onUpdate }: { alert: Alert; onUpdate?: () => void }) {
  const { t, language } = useWords()
  const me = useMe()
  const now = useNow()
  const { nameOf } = useAreas()
  const isInForce = alert.state === 'issued'
  const isDrill = alert.purpose === 'drill'
  const { data } = useQuery({
    queryKey: ['alerts', 'one', alert.id],
    queryFn: () => answer(api.alerts[':id'].$get({ param: { id: alert.id } })),
    refetchInterval: isInForce ? LIVE_MS : false,
  })
  const coverage = data?.coverage
  const left = secondsUntil(alert.endsAt, now)
  const [isCancelling, setIsCancelling] = useState(false)
  const [reason, setReason] = useState('')
  const cancel = useSaving({
    send: () =>
      answer(
        api.alerts[':id'].cancel.$post({
          param: { id: alert.id },
          json: reason.trim() ? { reason: reason.trim() } : {},
        }),
      ),
    refreshes: ['alerts', 'overview', 'rundown'],
    done: t('emergency.is-cancelled'),
    onDone: () => setIsCancelling(false),
  })
  return (
    <article
      className={`alert-card severity-edge-${isDrill ? 'drill' : alert.severity}${isInForce ? '' : ' alert-over'}`}
    >
      <header className="row spread">
        <div>
          <SeverityMark severity={alert.severity} isDrill={isDrill} />
          <h3>{alert.title}</h3>
        </div>
        {isInForce && (
          <span className="alert-left figures" role="timer">
            {left > 0 ? t('emergency.left', { duration: durationText(left, language) }) : t('emergency.ending')}
          </span>
        )}
      </header>
      <p className="alert-text">{alert.text}</p>
      {coverage && (
        <div className="alert-coverage">
          <div
            className="coverage-line"
            role="img"
            aria-label={t('coverage', { heard: coverage.heard, of: coverage.loudspeakers })}
          >
            <i style={{ width: share(coverage.heard, coverage.loudspeakers) }} />
            <i
              className="coverage-sent"
              style={{ width: share(coverage.sent - coverage.heard, coverage.loudspeakers) }}
            />
          </div>
          <dl className="coverage-counts">
            {(
              [
                ['heard', coverage.heard],
                ['loudspeakers', coverage.loudspeakers],
                ['finished', coverage.finished],
                ['failed', coverage.failed],
                ['missed', coverage.missed],
              ] as const
            ).map(([name, count]) => (
              <div key={name}>
                <dt>{t(`emergency.${name}`)}</dt>
                <dd className="figures">
                  {count}
                  {name === 'heard' && <small> {shareText(count, coverage.loudspeakers)}</small>}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      <Facts
        facts={[
          [t('area.targets'), alert.targets.map(nameOf).join('、')],
          [t('emergency.sender'), alert.senderName],
          [t('emergency.issued-at'), <Moment key="issued" at={alert.issuedAt} format="MM-DD HH:mm:ss" />],
          [
            isInForce ? t('emergency.ends-at') : t('emergency.ended-at'),
            <Moment key="ends" at={alert.endedAt ?? alert.endsAt} format="MM-DD HH:mm:ss" />,
          ],
          ...(alert.endReason ? [[t('reason'), alert.endReason] as [string, string]] : []),
        ]}
      />
      {isInForce && me.may('alerts.issue') && (
        <div className="row">
          {onUpdate && <Button onClick={onUpdate}>{t('emergency.update')}</Button>}
          <Button danger onClick={() => setIsCancelling(true)}>
            {t('emergency.cancel')}
          </Button>
        </div>
      )}
      <Modal
        title={t('emergency.cancel')}
        open={isCancelling}
        onCancel={() => setIsCancelling(false)}
        footer={null}
        destroyOnHidden
      >
        <div className="stack">
          <p>{t('emergency.cancel-sure', { title: alert.title, areas: alert.targets.map(nameOf).join('、') })}</p>
          <Input.TextArea
            aria-label={t('reason')}
            placeholder={t('emergency.cancel-reason')}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <HoldButton
            calm
            label={t('emergency.cancel')}
            isBusy={cancel.isSaving}
            onHeld={() => cancel.save(undefined)}
          />
        </div>
      </Modal>
    </article>
  )
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0' : `${Math.max(0, (part / whole) * 100)}%`
}
