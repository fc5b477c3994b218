import { useEffect, useRef, useState } from 'react'
import { useWords } from '../screen.tsx'

const HOLD_MS = 1500

type Props = { label: string; isBusy: boolean; disabled?: boolean; calm?: boolean; onHeld: () => void }

/**
 * Acts only when it is held for a moment, by pointer or by key, so that nothing goes on every loudspeaker by a slip. Assistive
 * programs press without holding: for them the first press arms it and the second acts.
 */
export function HoldButton({ label, isBusy, disabled = false, calm = false, onHeld }: Props) {
  const { t } = useWords()
  const [isHolding, setIsHolding] = useState(false)
  const [isArmed, setIsArmed] = useState(false)
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const wasHeld = useRef(false)
  useEffect(() => () => clearTimeout(waiting.current), [])

  const begin = (): void => {
    if (disabled || isBusy || isHolding) return
    wasHeld.current = true
    setIsHolding(true)
    waiting.current = setTimeout(() => {
      setIsHolding(false)
      onHeld()
    }, HOLD_MS)
  }
  const end = (): void => {
    clearTimeout(waiting.current)
    setIsHolding(false)
  }
  return (
    <button
      type="button"
      className={`hold${isHolding ? ' holding' : ''}${calm ? ' hold-calm' : ''}`}
      disabled={disabled || isBusy}
      onPointerDown={begin}
      onPointerUp={end}
      onPointerLeave={end}
      onPointerCancel={end}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return
        event.preventDefault()
        if (!event.repeat) begin()
      }}
      onKeyUp={end}
      onBlur={end}
      onClick={() => {
        if (wasHeld.current) {
          wasHeld.current = false
          return
        }
        if (isArmed) onHeld()
        setIsArmed(!isArmed)
      }}
    >
      <i aria-hidden="true" style={{ transitionDuration: isHolding ? `${HOLD_MS}ms` : '120ms' }} />
      <span>{isArmed ? t('hold.again', { label }) : label}</span>
      <small>{t('hold')}</small>
    </button>
  )
}
