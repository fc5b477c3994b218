import { pino } from 'pino'

/**
 * What the station says of itself, one JSON line each. Never given secrets, tokens or private items: a message is a fixed
 * sentence and its fields are ids, counts and reasons.
 */
export type Journal = {
  info: (message: string, fields?: Record<string, unknown>) => void
  warn: (message: string, fields?: Record<string, unknown>) => void
  error: (message: string, fields?: Record<string, unknown>) => void
}

export function systemJournal(level: 'info' | 'warn' | 'silent' = 'info'): Journal {
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
  return {
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
  }
}
