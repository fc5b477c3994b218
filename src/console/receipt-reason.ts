import type { MessageKey } from './language.ts'

const REASONS: Record<string, MessageKey> = {
  'its end': 'receipts.its-end',
  withdrawn: 'receipts.withdrawn',
  'the power was cut': 'receipts.power-cut',
  'the loudspeaker was switched off': 'receipts.switched-off',
  'the loudspeaker was not running at its time': 'receipts.not-running',
  'the recording could not be fetched in time': 'receipts.not-fetched',
  'the recording has rotted on the disk': 'receipts.rotted',
}

/** A loudspeaker's reason in the words of the screen; what it words otherwise (a fault of its own) stays as it came. */
export function reasonWords(reason: string, t: (key: MessageKey) => string): string {
  if (/^by \S+$/.test(reason)) return t('receipts.by-another')
  const known = Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined
  return known ? t(known) : reason
}
