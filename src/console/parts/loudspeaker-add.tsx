import { Form, Input, Select } from 'antd'
import { useState } from 'react'
import { answer, api } from '../client.ts'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { AreaSelect } from './area-select.tsx'
import { CredentialCard, type Credential } from './credential.tsx'
import { FormFaults } from './form-faults.tsx'
import { Sheet } from './sheet.tsx'

type NewTerminal = { kind: 'loudspeaker' | 'box'; name: string; areaCode: string; id?: string; householdId?: string }

/** Registers one terminal, then shows its credential. */
export function LoudspeakerAdd({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useWords()
  const [form] = Form.useForm<NewTerminal>()
  const kind = Form.useWatch('kind', form)
  const [credential, setCredential] = useState<Credential | null>(null)
  const { save, isSaving, above } = useSaving({
    send: ({ id, householdId, ...rest }: NewTerminal) =>
      answer(
        api.terminals.$post({ json: { ...rest, ...(id ? { id } : {}), ...(householdId ? { householdId } : {}) } }),
      ),
    form: { instance: form, fields: ['kind', 'name', 'areaCode', 'id', 'householdId'] },
    refreshes: ['terminals'],
    done: t('saved'),
    onDone: (added) => setCredential(added.credential),
  })
  const close = (): void => {
    setCredential(null)
    onClose()
  }
  const required = [{ required: true, message: t('required') }]
  return (
    <Sheet
      title={t('loudspeakers.add')}
      open={open}
      onClose={close}
      {...(credential ? {} : { submits: { form: 'terminal', label: t('save'), isBusy: isSaving } })}
    >
      {credential ? (
        <CredentialCard credential={credential} />
      ) : (
        <>
          <FormFaults above={above} />
          <Form id="terminal" form={form} layout="vertical" initialValues={{ kind: 'loudspeaker' }} onFinish={save}>
            <Form.Item name="kind" label={t('loudspeakers.kind')} rules={required}>
              <Select
                options={(['loudspeaker', 'box'] as const).map((each) => ({
                  value: each,
                  label: t(`terminal.${each}`),
                }))}
              />
            </Form.Item>
            <Form.Item name="name" label={t('loudspeakers.name')} rules={required} extra={t('loudspeakers.name-rule')}>
              <Input maxLength={60} />
            </Form.Item>
            <Form.Item name="areaCode" label={t('area')} rules={required}>
              <AreaSelect />
            </Form.Item>
            {kind === 'box' && (
              <Form.Item name="householdId" label={t('loudspeakers.household')} rules={required}>
                <Input />
              </Form.Item>
            )}
            <Form.Item name="id" label={t('id')} extra={t('loudspeakers.id-rule')}>
              <Input autoComplete="off" spellCheck={false} />
            </Form.Item>
          </Form>
        </>
      )}
    </Sheet>
  )
}
