import { AlertOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { alertsInForce } from '../alerts.ts'
import { useAreas } from '../areas.tsx'
import { useWords } from '../screen.tsx'

/** Stands above every page while an emergency message is in force. */
export function AlertBanner() {
  const { t } = useWords()
  const { nameOf } = useAreas()
  const { data } = useQuery(alertsInForce)
  const gravest = data?.toSorted((one, other) => rank(one) - rank(other))[0]
  if (!data || !gravest) return null
  const isDrill = gravest.purpose === 'drill'
  return (
    <Link to="/emergency" className={isDrill ? 'alert-banner alert-banner-drill' : 'alert-banner'} role="status">
      <AlertOutlined aria-hidden="true" />
      <strong>{isDrill ? t('emergency.drill') : t(`severity.${gravest.severity as 1}`)}</strong>
      <span>
        {gravest.title} · {gravest.targets.slice(0, 3).map(nameOf).join('、')}
        {data.length > 1 && ` · ${t('emergency.more', { count: data.length - 1 })}`}
      </span>
      <RightOutlined aria-hidden="true" />
    </Link>
  )
}

function rank(alert: { purpose: string; severity: number }): number {
  return (alert.purpose === 'drill' ? 10 : 0) + alert.severity
}
