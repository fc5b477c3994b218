import { useWords } from '../screen.tsx'

/** How many of the loudspeakers heard it, as a bar and in figures. */
export function Coverage({ heard, of }: { heard: number; of: number }) {
  const { t } = useWords()
  if (of === 0) return <span className="coverage faint">—</span>
  return (
    <span className="coverage" title={t('coverage', { heard, of })}>
      <span className="coverage-bar" aria-hidden="true">
        <i style={{ width: `${(heard / of) * 100}%` }} />
      </span>
      <span className="figures">
        {heard}/{of}
      </span>
    </span>
  )
}
