import { civilText } from '../moments.ts'
import { useMe } from '../session.tsx'

/** An instant as civil time of the station's zone; a dash for none. */
export function Moment({ at, format }: { at: string | null | undefined; format?: string }) {
  const { zone } = useMe()
  if (!at) return <span className="faint">—</span>
  return (
    <time dateTime={at} title={civilText(at, zone, 'YYYY-MM-DD HH:mm:ss')} className="figures">
      {civilText(at, zone, format ?? 'MM-DD HH:mm')}
    </time>
  )
}
