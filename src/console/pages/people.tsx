import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { answer, api } from '../client.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { FormFaults } from '../parts/form-faults.tsx'
import { Listing } from '../parts/listing.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe, type Me } from '../session.tsx'

type Person = Awaited<ReturnType<typeof fetchPeople>>[number]

const ROLES = ['admin', 'clerk', 'operator', 'official', 'supervisor'] as const

async function fetchPeople() {
  return (await answer(api.people.$get())).people
}

/** Who may act for which area, in which role. */
export default function People() {
  const { t } = useWords()
  const me = useMe()
  const query = useQuery({ queryKey: ['people'], queryFn: fetchPeople })
  const [editing, setEditing] = useState<Person | 'new' | null>(null)
  const mayWrite = me.may('people.write')
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
      {t('people.add')}
    </Button>
  )
  return (
    <Page title={t('people')} about={t('people.about')} actions={mayWrite && add}>
      <Listing
        query={query}
        rowKey={(person) => person.id}
        empty={t('people.none')}
        onOpen={mayWrite ? setEditing : undefined}
        fields={[
          { key: 'name', title: t('people.name'), place: 'head', render: (person) => person.name },
          { key: 'username', title: t('sign-in.username'), render: (person) => <code>{person.username}</code> },
          { key: 'role', title: t('people.role'), render: (person) => t(`role.${person.role}`) },
          { key: 'area', title: t('people.area'), render: (person) => <Place code={person.areaCode} /> },
          { key: 'telephone', title: t('people.telephone'), render: (person) => person.telephone ?? '—' },
          {
            key: 'created',
            title: t('created'),
            render: (person) => <Moment at={person.createdAt} format="YYYY-MM-DD" />,
          },
          {
            key: 'state',
            title: t('state'),
            place: 'aside',
            render: (person) => <StateTag state={person.disabledAt ? 'disabled' : 'enabled'} />,
          },
        ]}
      />
      <PersonSheet key={editing === 'new' ? 'new' : editing?.id} editing={editing} onClose={() => setEditing(null)} />
    </Page>
  )
}

type PersonForm = {
  username: string
  name: string
  role: Me['role']
  areaCode: string
  telephone?: string
  password?: string
  isDisabled?: boolean
}

function PersonSheet({ editing, onClose }: { editing: Person | 'new' | null; onClose: () => void }) {
  const { t } = useWords()
  const [form] = Form.useForm<PersonForm>()
  const person = editing === 'new' ? null : editing
  const { save, isSaving, above } = useSaving({
    send: ({ username, telephone, password, isDisabled, ...rest }: PersonForm) => {
      const optional = { ...(telephone ? { telephone } : {}), ...(password ? { password } : {}) }
      return person
        ? answer(
            api.people[':id'].$patch({
              param: { id: person.id },
              json: { ...rest, ...optional, ...(isDisabled === undefined ? {} : { isDisabled }) },
            }),
          )
        : answer(api.people.$post({ json: { username, ...rest, password: password ?? '', ...optional } }))
    },
    form: { instance: form, fields: ['username', 'name', 'role', 'areaCode', 'telephone', 'password'] },
    refreshes: ['people'],
    done: t('saved'),
    onDone: onClose,
  })
  const required = [{ required: true, message: t('required') }]
  return (
    <Sheet
      title={person ? t('people.change', { name: person.name }) : t('people.add')}
      open={editing !== null}
      onClose={onClose}
      submits={{ form: 'person', label: t('save'), isBusy: isSaving }}
    >
      <FormFaults above={above} />
      <Form
        id="person"
        form={form}
        layout="vertical"
        onFinish={save}
        initialValues={
          person
            ? { ...person, telephone: person.telephone ?? '', isDisabled: person.disabledAt !== null }
            : { role: 'clerk' }
        }
      >
        <Form.Item name="username" label={t('sign-in.username')} rules={required} extra={t('people.username-rule')}>
          <Input disabled={person !== null} autoComplete="off" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item name="name" label={t('people.name')} rules={required}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="role" label={t('people.role')} rules={required}>
          <Select
            options={ROLES.map((role) => ({ value: role, label: `${t(`role.${role}`)} — ${t(`role.${role}.does`)}` }))}
          />
        </Form.Item>
        <Form.Item name="areaCode" label={t('people.area')} rules={required} extra={t('people.area-rule')}>
          <AreaSelect />
        </Form.Item>
        <Form.Item name="telephone" label={t('people.telephone')}>
          <Input inputMode="tel" maxLength={20} />
        </Form.Item>
        <Form.Item
          name="password"
          label={person ? t('people.new-password') : t('sign-in.password')}
          rules={person ? [] : required}
          extra={person ? t('people.new-password-rule') : t('people.password-rule')}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {person && (
          <Form.Item
            name="isDisabled"
            label={t('people.disable')}
            valuePropName="checked"
            extra={t('people.disable-rule')}
          >
            <Switch />
          </Form.Item>
        )}
      </Form>
    </Sheet>
  )
}
