import { InboxOutlined } from '@ant-design/icons'
import { Alert, Upload } from 'antd'
import { useState, type ComponentType, type ReactNode } from 'react'
import { upload } from '../client.ts'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { LineFaults, type LineFault } from './line-faults.tsx'
import { Sheet } from './sheet.tsx'

type BatchResult = { accepted: number; rejected: number; faults: LineFault[] }

type Props<Extra extends object> = {
  title: string
  path: string
  /** What the sheet's columns are, and an example line. */
  about: ReactNode
  accept: string
  refreshes: string[]
  open: boolean
  onClose: () => void
  /** Shows what else the answer holds. */
  also?: ComponentType<Extra>
}

/** Takes a sheet of rows: good ones are kept, bad ones are listed by line. */
export function BatchImport<Extra extends object = object>(props: Props<Extra>) {
  const { title, path, about, accept, refreshes, open, onClose, also: Also } = props
  const { t } = useWords()
  const [result, setResult] = useState<(BatchResult & Extra) | null>(null)
  const { save, isSaving } = useSaving({
    send: (file: File) => upload<BatchResult & Extra>(path, { file }),
    refreshes,
    onDone: setResult,
  })
  const close = (): void => {
    setResult(null)
    onClose()
  }
  return (
    <Sheet title={title} open={open} onClose={close}>
      <div className="stack">
        <div className="prose">{about}</div>
        <Upload.Dragger
          accept={accept}
          multiple={false}
          showUploadList={false}
          disabled={isSaving}
          beforeUpload={(file) => {
            setResult(null)
            save(file)
            return false
          }}
        >
          <p className="ant-upload-drag-icon">
            <InboxOutlined />
          </p>
          <p className="ant-upload-text">{isSaving ? t('import.busy') : t('import.drop')}</p>
          <p className="ant-upload-hint">{accept}</p>
        </Upload.Dragger>
        {result && (
          <Alert
            type={result.rejected === 0 ? 'success' : 'warning'}
            showIcon
            title={t('import.result', { accepted: result.accepted, rejected: result.rejected })}
          />
        )}
        {result && Also && <Also {...result} />}
        {result && result.faults.length > 0 && <LineFaults faults={result.faults} />}
      </div>
    </Sheet>
  )
}
