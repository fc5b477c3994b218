import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Tag } from 'antd'
import { answer, api } from '../client.ts'
import { deviceName } from '../device.ts'
import { FormFaults } from '../parts/form-faults.tsx'
import { Listing } from '../parts/listing.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

/** One's own password, and where one is signed in. */
export default function Account() {
  const { t } = useWords()
  const me = useMe()
  return (
    <Page title={t('account')} about={`${me.name} · ${me.username} · ${t(`role.${me.role}`)}`}>
      <div className="halves">
        <section>
          <h2>{t('account.sessions')}</h2>
          <Sessions />
        </section>
        <section>
          <h2>{t('account.password')}</h2>
          <Password />
        </section>
      </div>
    </Page>
  )
}

function Sessions() {
  const { t } = useWords()
  const query = useQuery({
    queryKey: ['sessions'],
    queryFn: async () => (await answer(api.sessions.$get())).sessions,
  })
  const { save, isSaving } = useSaving({
    send: (id: string) => answer(api.sessions[':id'].$delete({ param: { id } })),
    refreshes: ['sessions'],
    done: t('account.session-ended'),
  })
  return (
    <Listing
      query={query}
      rowKey={(session) => session.id}
      empty="—"
      fields={[
        {
          key: 'client',
          title: t('account.client'),
          place: 'head',
          render: (session) => <span title={session.client}>{deviceName(session.client)}</span>,
        },
        { key: 'since', title: t('account.since'), render: (session) => <Moment at={session.createdAt} /> },
        {
          key: 'end',
          title: '',
          place: 'aside',
          render: (session) =>
            session.isThis ? (
              <Tag>{t('account.this')}</Tag>
            ) : (
              <Button size="small" danger loading={isSaving} onClick={() => save(session.id)}>
                {t('account.end')}
              </Button>
            ),
        },
      ]}
    />
  )
}

type Passwords = { current: string; next: string; again: string }

function Password() {
  const { t } = useWords()
  const [form] = Form.useForm<Passwords>()
  const { save, isSaving, above } = useSaving({
    send: ({ current, next }: Passwords) => answer(api.session.password.$put({ json: { current, next } })),
    form: { instance: form, fields: ['current', 'next'] },
    refreshes: ['sessions'],
    done: t('account.password-changed'),
    onDone: () => form.resetFields(),
  })
  const required = [{ required: true, message: t('required') }]
  return (
    <div className="sheet padded">
      <FormFaults above={above} />
      <Form form={form} layout="vertical" onFinish={save}>
        <Form.Item name="current" label={t('account.current')} rules={required}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="next" label={t('people.new-password')} rules={required} extra={t('people.password-rule')}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('account.again')}
          dependencies={['next']}
          rules={[
            ...required,
            ({ getFieldValue }) => ({
              validator: (_rule, value) =>
                !value || value === getFieldValue('next')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('account.differs'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={isSaving}>
          {t('account.change-password')}
        </Button>
      </Form>
    </div>
  )
}
