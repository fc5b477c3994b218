import { DownloadOutlined } from '@ant-design/icons'
import { Alert, Button, Typography } from 'antd'
import { useWords } from '../screen.tsx'

export type Credential = { id: string; secret: string; token: string; mqttPassword: string }

/** A terminal's secret, which the station shows this once and keeps only hashed. */
export function CredentialCard({ credential }: { credential: Credential }) {
  const { t } = useWords()
  const command = `npm run speaker -- --server ${location.origin} --id ${credential.id} --secret ${credential.secret}`
  return (
    <div className="stack">
      <Alert type="warning" showIcon title={t('credential.once')} description={t('credential.once-about')} />
      <dl className="facts">
        <div>
          <dt>{t('id')}</dt>
          <dd>
            <Typography.Text code copyable>
              {credential.id}
            </Typography.Text>
          </dd>
        </div>
        <div>
          <dt>{t('credential.secret')}</dt>
          <dd>
            <Typography.Text code copyable>
              {credential.secret}
            </Typography.Text>
          </dd>
        </div>
      </dl>
      <div>
        <p className="faint">{t('credential.command')}</p>
        <Typography.Paragraph copyable={{ text: command }} className="command">
          <code>{command}</code>
        </Typography.Paragraph>
      </div>
      <CredentialsDownload credentials={[credential]} />
    </div>
  )
}

/** Secrets as a sheet, to be carried to the terminals. The file is made in the browser; nothing is asked again. */
export function CredentialsDownload({ credentials }: { credentials: Credential[] }) {
  const { t } = useWords()
  const download = (): void => {
    const lines = credentials.map((each) => [each.id, each.secret, each.token, each.mqttPassword].join(','))
    const blob = new Blob([['id,secret,token,mqttPassword', ...lines].join('\r\n')], { type: 'text/csv' })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = 'credentials.csv'
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }
  if (credentials.length === 0) return null
  return (
    <Button icon={<DownloadOutlined />} onClick={download}>
      {t('credential.download', { count: credentials.length })}
    </Button>
  )
}
