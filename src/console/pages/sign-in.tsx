import { Button, Form, Input } from 'antd'
import { useEffect } from 'react'
import { answer, api } from '../client.ts'
import { FormFaults } from '../parts/form-faults.tsx'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useSession } from '../session.tsx'
import { LanguageSwitch } from '../shell.tsx'

type Credentials = { username: string; password: string }

/** Shown wherever nobody is signed in; the address stays, so signing in leads back to where one was. */
export function SignIn() {
  const { t } = useWords()
  const { opened } = useSession()
  const [form] = Form.useForm<Credentials>()
  const { save, isSaving, above } = useSaving({
    send: (credentials: Credentials) => answer(api.session.$post({ json: credentials })),
    form: { instance: form, fields: ['username', 'password'] },
    refreshes: [],
    onDone: () => void opened(),
  })
  useEffect(() => {
    document.title = `${t('sign-in.title')} · ${t('product')}`
  }, [t])
  return (
    <div className="sign-in">
      <section className="sign-in-cover" aria-hidden="true">
        <svg viewBox="0 0 600 600" preserveAspectRatio="xMinYMax slice">
          <circle cx="0" cy="600" r="34" className="brand-source" />
          {[100, 170, 250, 340, 440, 550, 670].map((radius) => (
            <circle key={radius} cx="0" cy="600" r={radius} />
          ))}
        </svg>
        <p className="sign-in-name">乡音</p>
        <p className="sign-in-words">
          {t('sign-in.words-one')}
          <br />
          {t('sign-in.words-two')}
        </p>
      </section>
      <main className="sign-in-form">
        <div className="sign-in-switch">
          <LanguageSwitch />
        </div>
        <h1>{t('sign-in.title')}</h1>
        <p className="page-about">{t('product.kind')}</p>
        <FormFaults above={above} />
        <Form form={form} layout="vertical" size="large" requiredMark={false} onFinish={save}>
          <Form.Item name="username" label={t('sign-in.username')} rules={[{ required: true, message: t('required') }]}>
            <Input autoComplete="username" autoFocus autoCapitalize="none" spellCheck={false} />
          </Form.Item>
          <Form.Item name="password" label={t('sign-in.password')} rules={[{ required: true, message: t('required') }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={isSaving}>
            {t('sign-in.enter')}
          </Button>
        </Form>
      </main>
    </div>
  )
}
