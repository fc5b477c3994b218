import { useWords } from '../screen.tsx'
import type { Severity } from '../alerts.ts'

/** The level of an alert in its colour and its word. */
export function SeverityMark({ severity, isDrill }: { severity: number; isDrill: boolean }) {
  const { t } = useWords()
  return (
    <span className="row">
      <span className={`severity severity-${severity}`}>{t(`severity.${severity as Severity}`)}</span>
      {isDrill && <span className="severity severity-drill">{t('emergency.drill')}</span>}
    </span>
  )
}
