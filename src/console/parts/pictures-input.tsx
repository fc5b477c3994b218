import { CameraOutlined, DeleteOutlined, LoadingOutlined } from '@ant-design/icons'
import { App, Image, Upload } from 'antd'
import { useState } from 'react'
import { isRefusal, upload } from '../client.ts'
import { useWords } from '../screen.tsx'
import { useFailureText } from './failure.tsx'

type Props = {
  value?: string[]
  onChange?: (hashes: string[]) => void
  limit: number
  label: string
}

/** Pictures by their hash: taken with the phone or chosen, checked and kept by the station at once. */
export function PicturesInput({ value = [], onChange, limit, label }: Props) {
  const { t } = useWords()
  const { message } = App.useApp()
  const textOf = useFailureText()
  const [sending, setSending] = useState(0)
  const send = async (files: File[]): Promise<void> => {
    setSending(files.length)
    let hashes = value
    for (const file of files.slice(0, limit - value.length)) {
      try {
        const picture = await upload<{ hash: string }>('/api/pictures', { file })
        hashes = hashes.includes(picture.hash) ? hashes : [...hashes, picture.hash]
        onChange?.(hashes)
      } catch (error) {
        const detail = isRefusal(error) ? error.details[0]?.message : undefined
        void message.error(`${file.name} — ${detail ?? textOf(error)}`, 6)
      }
    }
    setSending(0)
  }
  return (
    <div className="pictures">
      <Image.PreviewGroup items={value.map((hash) => `/pictures/${hash}/full`)}>
        {value.map((hash, index) => (
          <span key={hash} className="picture">
            <Image
              src={`/pictures/${hash}/thumb`}
              alt={t('picture.nth', { label, number: index + 1 })}
              width={64}
              height={64}
            />
            <button
              type="button"
              aria-label={t('picture.remove', { number: index + 1 })}
              onClick={() => onChange?.(value.filter((each) => each !== hash))}
            >
              <DeleteOutlined />
            </button>
          </span>
        ))}
      </Image.PreviewGroup>
      {value.length < limit && (
        <Upload
          accept="image/*"
          multiple
          showUploadList={false}
          disabled={sending > 0}
          beforeUpload={(file, files) => {
            if (file === files[0]) void send(files)
            return false
          }}
        >
          <button type="button" className="picture-add" aria-label={t('picture.add', { label })}>
            {sending > 0 ? <LoadingOutlined /> : <CameraOutlined />}
          </button>
        </Upload>
      )}
    </div>
  )
}
