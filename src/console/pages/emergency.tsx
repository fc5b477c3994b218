import { AlertOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { alertsInForce, fetchAlerts, type Alert } from '../alerts.ts'
import { AlertCard } from '../parts/alert-card.tsx'
import { AlertSheet } from '../parts/alert-sheet.tsx'
import { Listing } from '../parts/listing.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { Page } from '../parts/page.tsx'
import { Places } from '../parts/place.tsx'
import { SeverityMark } from '../parts/severity.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { useFilters } from '../filters.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

const STATES = ['cancelled', 'expired', 'updated'] as const

/** Emergency messages: what stands now with its coverage, how to issue one, and what has been. */
export default function Emergency() {
  const { t } = useWords()
  const me = useMe()
  const { filters, set } = useFilters(['state'])
  const state = STATES.find((each) => each === filters.state)
  const [writing, setWriting] = useState<Alert | 'new' | null>(null)
  const [open, setOpen] = useState<Alert | null>(null)
  const inForce = useQuery(alertsInForce)
  const past = useQuery({
    queryKey: ['alerts', 'past', state],
    queryFn: async () => (await fetchAlerts(state ? { state } : {})).filter((alert) => alert.state !== 'issued'),
  })
  const mayIssue = me.may('alerts.issue')
  return (
    <Page
      title={t('emergency')}
      about={mayIssue ? t('emergency.about') : t('emergency.about-reader')}
      actions={
        mayIssue && (
          <Button type="primary" danger size="large" icon={<AlertOutlined />} onClick={() => setWriting('new')}>
            {t('emergency.issue')}
          </Button>
        )
      }
    >
      <section className="in-force" aria-label={t('emergency.in-force')} aria-live="polite">
        <Loaded query={inForce}>
          {(alerts) =>
            alerts.length === 0 ? (
              <Nothing>{t('emergency.none')}</Nothing>
            ) : (
              alerts.map((alert) => <AlertCard key={alert.id} alert={alert} onUpdate={() => setWriting(alert)} />)
            )
          }
        </Loaded>
      </section>
      <div className="row spread past-head">
        <h2>{t('emergency.past')}</h2>
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
        query={past}
        rowKey={(alert) => alert.id}
        empty={t('emergency.no-past')}
        onOpen={setOpen}
        fields={[
          { key: 'title', title: t('content.title'), place: 'head', render: (alert) => alert.title },
          { key: 'state', title: t('state'), place: 'aside', render: (alert) => <StateTag state={alert.state} /> },
          {
            key: 'severity',
            title: t('severity'),
            render: (alert) => <SeverityMark severity={alert.severity} isDrill={alert.purpose === 'drill'} />,
          },
          { key: 'targets', title: t('area.targets'), render: (alert) => <Places codes={alert.targets} /> },
          {
            key: 'issued',
            title: t('emergency.issued-at'),
            render: (alert) => <Moment at={alert.issuedAt} format="YYYY-MM-DD HH:mm:ss" />,
          },
          {
            key: 'ended',
            title: t('emergency.ended-at'),
            render: (alert) => <Moment at={alert.endedAt ?? alert.endsAt} format="MM-DD HH:mm:ss" />,
          },
        ]}
      />
      <Sheet title={open?.title} open={open !== null} onClose={() => setOpen(null)}>
        {open && <AlertCard alert={open} />}
      </Sheet>
      <AlertSheet
        key={writing === 'new' || writing === null ? 'new' : writing.id}
        writing={writing}
        onClose={() => setWriting(null)}
      />
    </Page>
  )
}
