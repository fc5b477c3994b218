/** A sentence in both languages of the station: Chinese first, English second. */
export type Text = { zh: string; en: string }

export type Language = keyof Text

export type FaultKind = 'invalid' | 'unauthorized' | 'forbidden' | 'not-found' | 'conflict'

/** One bad place in an input: which field (or line and column), what was wrong, what would be right. */
export type Detail = { field: string; message: Text; line?: number; column?: string }

/**
 * A request the station refuses. The world's faults (voice down, speaker silent) are never thrown: they are
 * states on rows. `web/app.ts` holds the one map from fault to HTTP status.
 */
export class StationError extends Error {
  readonly fault: FaultKind
  readonly text: Text
  readonly details: Detail[]
  /** Set when asking again later can succeed (throttled sign-in): answered as 429 with Retry-After. */
  readonly retryAfterSeconds: number | undefined

  constructor(fault: FaultKind, text: Text, options: { details?: Detail[]; retryAfterSeconds?: number } = {}) {
    super(text.en)
    this.name = 'StationError'
    this.fault = fault
    this.text = text
    this.details = options.details ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** The fault of a single named field. */
export function invalid(field: string, zh: string, en: string): StationError {
  return new StationError('invalid', { zh, en }, { details: [{ field, message: { zh, en } }] })
}

export function notFound(zh: string, en: string): StationError {
  return new StationError('not-found', { zh, en })
}

export function conflict(zh: string, en: string): StationError {
  return new StationError('conflict', { zh, en })
}

export function forbidden(zh: string, en: string): StationError {
  return new StationError('forbidden', { zh, en })
}
