import type { ReactNode } from 'react'

/** An empty place that says what would stand here and how it comes to be. */
export function Nothing({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="nothing">
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <circle cx="13" cy="35" r="4" />
        <path d="M13 23a12 12 0 0 1 12 12M13 13a22 22 0 0 1 22 22" />
      </svg>
      <p>{children}</p>
      {action}
    </div>
  )
}
