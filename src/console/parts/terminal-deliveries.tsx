import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Collapse } from 'antd'
import { answer, api } from '../client.ts'
import { useWords } from '../screen.tsx'
import { Loaded } from './loaded.tsx'
import { Moment } from './moment.tsx'
import { Nothing } from './nothing.tsx'
import { Receipts } from './receipts.tsx'
import { Sheet } from './sheet.tsx'
import { StateTag } from './state-tag.tsx'

type Props = { id: string | null; span: { from: string; to: string }; onClose: () => void }

/** The deliveries of one loudspeaker over some days, with every receipt. */
export function TerminalDeliveries({ id, span, onClose }: Props) {
  const { t } = useWords()
  const query = useQuery({
    queryKey: ['airtime', 'terminal', id, span],
    queryFn: () => answer(api.airtime.terminals[':id'].$get({ param: { id: id! }, query: span })),
    enabled: id !== null,
  })
  return (
    <Sheet
      title={query.data?.name ?? id}
      open={id !== null}
      onClose={onClose}
      wide
      extra={
        <Button
          icon={<DownloadOutlined />}
          href={`/api/airtime/terminals/${id}/receipts.csv?${new URLSearchParams(span)}`}
          download
        >
          CSV
        </Button>
      }
    >
      <Loaded query={query}>
        {({ deliveries }) =>
          deliveries.length === 0 ? (
            <Nothing>{t('deliveries.none')}</Nothing>
          ) : (
            <Collapse
              items={deliveries.map((delivery) => ({
                key: delivery.airingId,
                label: (
                  <span className="row">
                    <Moment at={delivery.dueAt} />
                    <span>{delivery.title}</span>
                    <StateTag state={delivery.state} />
                  </span>
                ),
                children: <Receipts receipts={delivery.receipts} />,
              }))}
            />
          )
        }
      </Loaded>
    </Sheet>
  )
}
