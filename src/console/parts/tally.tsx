import type { ReactNode } from 'react'

type Props = {
  label: string
  value: ReactNode
  about?: ReactNode
  tone?: 'calm' | 'air' | 'bad' | 'good'
  isOn?: boolean
  onPick?: () => void
}

/** One number that matters, with what it counts; it may be a switch that filters what stands below. */
export function Tally({ label, value, about, tone = 'calm', isOn, onPick }: Props) {
  const content = (
    <>
      <span className="tally-label">{label}</span>
      <span className="tally-value figures">{value}</span>
      {about && <span className="tally-about">{about}</span>}
    </>
  )
  const name = `tally tally-${tone}`
  return onPick ? (
    <button type="button" className={name} aria-pressed={isOn ?? false} onClick={onPick}>
      {content}
    </button>
  ) : (
    <div className={name}>{content}</div>
  )
}
