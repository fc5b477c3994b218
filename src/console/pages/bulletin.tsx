import { CalendarOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Popconfirm } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { fetchTemplates, speechOf, type Written } from '../bulletins.ts'
import { answer, api } from '../client.ts'
import { BulletinForm } from '../parts/bulletin-form.tsx'
import { BulletinPreview } from '../parts/bulletin-preview.tsx'
import { FormFaults } from '../parts/form-faults.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

/** Writes a bulletin, or changes one: the words at one side, how they will be spoken at the other. */
export function BulletinPage() {
  const { id } = useParams()
  const templates = useQuery({ queryKey: ['bulletin-templates'], queryFn: fetchTemplates, staleTime: Infinity })
  const query = useQuery({
    queryKey: ['bulletins', 'one', id],
    queryFn: () => answer(api.bulletins[':id'].$get({ param: { id: id! } })),
    enabled: id !== undefined,
  })
  return (
    <Loaded query={templates}>
      {(known) =>
        id === undefined ? (
          <Writing bulletin={null} templates={known} />
        ) : (
          <Loaded query={query}>{(bulletin) => <Writing key={id} bulletin={bulletin} templates={known} />}</Loaded>
        )
      }
    </Loaded>
  )
}

type Templates = Awaited<ReturnType<typeof fetchTemplates>>
type Kept = Awaited<ReturnType<typeof fetchOne>>

async function fetchOne(id: string) {
  return answer(api.bulletins[':id'].$get({ param: { id } }))
}

function Writing({ bulletin, templates }: { bulletin: Kept | null; templates: Templates }) {
  const { t } = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const [form] = Form.useForm<Written>()
  const [fields, setFields] = useState<string[]>([])
  const [written, setWritten] = useState<Written>(() => writtenOf(bulletin, me.areaCode))
  const mayWrite = me.may('bulletins.write') && bulletin?.state !== 'retired'
  const template = templates.find((each) => each.id === written.templateId)
  const isReady = bulletin?.state === 'ready'

  const { save, isSaving, above } = useSaving({
    send: async ({ values, isReady }: { values: Written; isReady: boolean }) => {
      const rest = {
        title: values.title ?? '',
        ...speechOf(values),
        ...(values.afterPreemption ? { afterPreemption: values.afterPreemption } : {}),
      }
      const kept = bulletin
        ? await answer(api.bulletins[':id'].$patch({ param: { id: bulletin.id }, json: rest }))
        : await answer(api.bulletins.$post({ json: { areaCode: values.areaCode ?? '', ...rest } }))
      return isReady ? answer(api.bulletins[':id'].ready.$post({ param: { id: kept.id } })) : kept
    },
    form: { instance: form, fields },
    refreshes: ['bulletins'],
    done: (kept) => (kept.state === 'ready' ? t('bulletins.is-ready') : t('saved')),
    onDone: (kept) => void navigate(`/bulletins/${kept.id}`, { replace: true }),
  })
  const retire = useSaving({
    send: () => answer(api.bulletins[':id'].$delete({ param: { id: bulletin!.id } })),
    refreshes: ['bulletins'],
    done: t('bulletins.is-retired'),
    onDone: () => void navigate('/bulletins'),
  })
  const send = (isReady: boolean): void => {
    const values = form.getFieldsValue(true) as Written
    setFields([
      'title',
      'areaCode',
      'class',
      'text',
      'voice',
      'repeatCount',
      'afterPreemption',
      ...(template?.values ?? []).map((value) => `values.${value.name}`),
    ])
    save({ values, isReady })
  }
  const checked = (isReady: boolean): void => {
    form.validateFields().then(
      () => send(isReady),
      () => {},
    )
  }
  return (
    <Page
      title={bulletin ? bulletin.title : t('bulletins.new')}
      about={bulletin ? <StateTag state={bulletin.state} /> : t('bulletins.new-about')}
      actions={
        <>
          {mayWrite && bulletin && (
            <Popconfirm title={t('bulletins.retire-sure')} onConfirm={() => retire.save(undefined)}>
              <Button danger loading={retire.isSaving}>
                {t('bulletins.retire')}
              </Button>
            </Popconfirm>
          )}
          {mayWrite && (
            <Button loading={isSaving} onClick={() => checked(false)}>
              {t('content.keep')}
            </Button>
          )}
          {mayWrite && (
            <Button {...(isReady ? {} : { type: 'primary' })} loading={isSaving} onClick={() => checked(true)}>
              {t('bulletins.make-ready')}
            </Button>
          )}
          {isReady && me.may('playout.write') && (
            <Button
              type="primary"
              icon={<CalendarOutlined />}
              onClick={() => void navigate(`/schedules?bulletin=${bulletin.id}`)}
            >
              {t('bulletins.schedule')}
            </Button>
          )}
        </>
      }
    >
      <FormFaults above={above} />
      <div className="writing">
        <BulletinForm
          form={form}
          templates={templates}
          initial={written}
          isNew={bulletin === null}
          disabled={!mayWrite}
          onChange={setWritten}
        />
        <BulletinPreview written={written} template={template} recording={bulletin?.recording ?? null} />
      </div>
    </Page>
  )
}

function writtenOf(bulletin: Kept | null, areaCode: string): Written {
  if (!bulletin) return { class: 'daily', areaCode, afterPreemption: 'resume', voice: 'best', text: '', templateId: '' }
  const { title, class: kind, templateId, text, values, voice, repeatCount, afterPreemption } = bulletin
  return {
    title,
    areaCode: bulletin.areaCode,
    class: kind,
    templateId: templateId ?? '',
    text,
    values,
    voice: (voice as Written['voice']) ?? 'best',
    repeatCount,
    afterPreemption,
  }
}
