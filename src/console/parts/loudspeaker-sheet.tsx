import { ReloadOutlined, SoundOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Popconfirm, Slider } from 'antd'
import { useState } from 'react'
import { answer, api } from '../client.ts'
import { bytesText } from '../quantities.ts'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { AreaSelect } from './area-select.tsx'
import { CredentialCard, type Credential } from './credential.tsx'
import { Facts } from './facts.tsx'
import { FormFaults } from './form-faults.tsx'
import { Loaded } from './loaded.tsx'
import { Moment } from './moment.tsx'
import { Place } from './place.tsx'
import { Sheet } from './sheet.tsx'
import { StateTag } from './state-tag.tsx'

const LIVE_MS = 3000

async function fetchTerminal(id: string) {
  return answer(api.terminals[':id'].$get({ param: { id } }))
}

export type Terminal = Awaited<ReturnType<typeof fetchTerminal>>

type Order = { kind: 'volume'; volume: number } | { kind: 'test' } | { kind: 'reboot' }

/** One terminal: how it is, orders to it, its place, its credential. */
export function LoudspeakerSheet({ id, onClose }: { id: string | null; onClose: () => void }) {
  const query = useQuery({
    queryKey: ['terminals', 'one', id],
    queryFn: () => fetchTerminal(id!),
    enabled: id !== null,
    refetchInterval: LIVE_MS,
  })
  return (
    <Sheet title={query.data?.name ?? id} open={id !== null} onClose={onClose}>
      <Loaded query={query}>{(terminal) => <Detail key={terminal.id} terminal={terminal} />}</Loaded>
    </Sheet>
  )
}

function Detail({ terminal }: { terminal: Terminal }) {
  const { t } = useWords()
  const me = useMe()
  const isOpen = me.may('terminals.write') && terminal.revokedAt === null
  return (
    <div className="stack">
      <Facts
        facts={[
          [t('state'), <StateTag key="state" state={terminal.revokedAt ? 'revoked' : terminal.state} />],
          [t('area'), <Place key="area" code={terminal.areaCode} />],
          [t('loudspeakers.kind'), t(`terminal.${terminal.kind}`)],
          [t('id'), <code key="id">{terminal.id}</code>],
          [t('loudspeakers.seen'), <Moment key="seen" at={terminal.lastSeenAt} format="YYYY-MM-DD HH:mm:ss" />],
          [t('loudspeakers.playing'), terminal.playing ? <code key="playing">{terminal.playing}</code> : '—'],
          [t('loudspeakers.version'), terminal.version ?? '—'],
          [t('loudspeakers.free'), terminal.freeBytes === null ? '—' : bytesText(terminal.freeBytes)],
        ]}
      />
      {isOpen && terminal.kind === 'loudspeaker' && <Orders terminal={terminal} />}
      {isOpen && <Placement terminal={terminal} />}
      {isOpen && <CredentialPart terminal={terminal} />}
    </div>
  )
}

function Orders({ terminal }: { terminal: Terminal }) {
  const { t } = useWords()
  const [volume, setVolume] = useState(terminal.volume ?? 80)
  const { save, isSaving } = useSaving({
    send: (order: Order) => answer(api.terminals[':id'].orders.$post({ param: { id: terminal.id }, json: order })),
    refreshes: ['terminals'],
    done: t('loudspeakers.ordered'),
  })
  return (
    <section className="part">
      <h3>{t('loudspeakers.orders')}</h3>
      <div className="volume">
        <span id="volume">{t('loudspeakers.volume')}</span>
        <Slider min={0} max={100} value={volume} onChange={setVolume} ariaLabelledByForHandle="volume" />
        <span className="figures">{volume}</span>
        <Button disabled={volume === terminal.volume} onClick={() => save({ kind: 'volume', volume })}>
          {t('loudspeakers.set-volume')}
        </Button>
      </div>
      <div className="row">
        <Button icon={<SoundOutlined />} loading={isSaving} onClick={() => save({ kind: 'test' })}>
          {t('loudspeakers.test')}
        </Button>
        <Popconfirm title={t('loudspeakers.reboot-sure')} onConfirm={() => save({ kind: 'reboot' })}>
          <Button icon={<ReloadOutlined />}>{t('loudspeakers.reboot')}</Button>
        </Popconfirm>
      </div>
      {terminal.state !== 'online' && <p className="faint">{t('loudspeakers.not-online')}</p>}
    </section>
  )
}

function Placement({ terminal }: { terminal: Terminal }) {
  const { t } = useWords()
  const [form] = Form.useForm<{ name: string; areaCode: string }>()
  const { save, isSaving, above } = useSaving({
    send: (json: { name: string; areaCode: string }) =>
      answer(api.terminals[':id'].$patch({ param: { id: terminal.id }, json })),
    form: { instance: form, fields: ['name', 'areaCode'] },
    refreshes: ['terminals'],
    done: t('saved'),
  })
  return (
    <section className="part">
      <h3>{t('loudspeakers.placement')}</h3>
      <FormFaults above={above} />
      <Form form={form} layout="vertical" initialValues={terminal} onFinish={save}>
        <Form.Item name="name" label={t('loudspeakers.name')} rules={[{ required: true, message: t('required') }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="areaCode" label={t('area')} rules={[{ required: true, message: t('required') }]}>
          <AreaSelect />
        </Form.Item>
        <Button htmlType="submit" loading={isSaving}>
          {t('save')}
        </Button>
      </Form>
    </section>
  )
}

function CredentialPart({ terminal }: { terminal: Terminal }) {
  const { t } = useWords()
  const [credential, setCredential] = useState<Credential | null>(null)
  const rotate = useSaving({
    send: () => answer(api.terminals[':id'].credential.$post({ param: { id: terminal.id } })),
    refreshes: ['terminals'],
    onDone: setCredential,
  })
  const revoke = useSaving({
    send: () => answer(api.terminals[':id'].revoke.$post({ param: { id: terminal.id } })),
    refreshes: ['terminals'],
    done: t('loudspeakers.revoked'),
  })
  return (
    <section className="part">
      <h3>{t('credential')}</h3>
      {credential ? (
        <CredentialCard credential={credential} />
      ) : (
        <div className="row">
          <Popconfirm title={t('credential.rotate-sure')} onConfirm={() => rotate.save(undefined)}>
            <Button loading={rotate.isSaving}>{t('credential.rotate')}</Button>
          </Popconfirm>
          <Popconfirm
            title={t('credential.revoke-sure')}
            okButtonProps={{ danger: true }}
            onConfirm={() => revoke.save(undefined)}
          >
            <Button danger loading={revoke.isSaving}>
              {t('credential.revoke')}
            </Button>
          </Popconfirm>
        </div>
      )}
    </section>
  )
}
