import { Timeline } from 'antd'
import { reasonWords } from '../receipt-reason.ts'
import { useWords } from '../screen.tsx'
import { Moment } from './moment.tsx'
import { Nothing } from './nothing.tsx'
import { StateTag } from './state-tag.tsx'

export type Receipt = {
  receiptId: string
  kind: string
  at: string
  playedSeconds: number | null
  reason: string | null
  receivedAt: string
}

/** Every receipt of a delivery, as it came. */
export function Receipts({ receipts }: { receipts: Receipt[] }) {
  const { t } = useWords()
  if (receipts.length === 0) return <Nothing>{t('receipts.none')}</Nothing>
  return (
    <Timeline
      items={receipts.map((receipt) => ({
        key: receipt.receiptId,
        content: (
          <div className="receipt">
            <div className="row">
              <StateTag state={receipt.kind} />
              <Moment at={receipt.at} format="MM-DD HH:mm:ss" />
              {receipt.playedSeconds !== null && (
                <span>{t('receipts.played', { seconds: receipt.playedSeconds.toFixed(1) })}</span>
              )}
            </div>
            {receipt.reason && <p>{reasonWords(receipt.reason, t)}</p>}
            <p className="faint">
              {t('receipts.received')} <Moment at={receipt.receivedAt} format="MM-DD HH:mm:ss" /> ·{' '}
              <code>{receipt.receiptId}</code>
            </p>
          </div>
        ),
      }))}
    />
  )
}
