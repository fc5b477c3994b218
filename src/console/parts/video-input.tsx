import { DeleteOutlined, VideoCameraAddOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Progress, Select, Spin, Upload } from 'antd'
import { useState } from 'react'
import { answer, api, isRefusal, sendFile } from '../client.ts'
import { civilText } from '../moments.ts'
import { durationText } from '../quantities.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { useFailureText } from './failure.tsx'

const LIVE_MS = 2000
const SHOWN = '20'

export type MadeVideo = { videoHash: string | null; posterHash: string | null; seconds: number | null }

type Props = {
  value?: string | null
  onChange?: (hash: string | null) => void
  /** Told with every change of the video: its poster and its length go with it. */
  onPick: (video: MadeVideo) => void
}

const NONE: MadeVideo = { videoHash: null, posterHash: null, seconds: 0 }

/**
 * A video: sent as it is, made by the station into what boxes play, and looked at here before it is published. Making takes as long as
 * the video; whoever leaves meanwhile finds it among the recent ones.
 */
export function VideoInput({ value = null, onChange, onPick }: Props) {
  const { t, language } = useWords()
  const { zone } = useMe()
  const { message } = App.useApp()
  const textOf = useFailureText()
  const [share, setShare] = useState<number | null>(null)
  const [awaited, setAwaited] = useState<string | null>(null)
  const recent = useQuery({
    queryKey: ['videos'],
    queryFn: () => answer(api.videos.$get({ query: { limit: SHOWN, state: 'ready' } })),
  })
  const ready = recent.data?.videos ?? []

  const pick = (video: MadeVideo): void => {
    onChange?.(video.videoHash)
    onPick(video)
  }
  // Asked for as long as this form is open; the station makes the video either way.
  useQuery({
    queryKey: ['videos', awaited],
    queryFn: async ({ queryKey: [, id] }) => {
      const video = await answer(api.videos[':id'].$get({ param: { id: id ?? '' } }))
      if (video.state === 'pending') return video
      setAwaited(null)
      if (video.state === 'ready') pick(video)
      else void message.error(video.message ?? t('video.failed'), 8)
      return video
    },
    enabled: awaited !== null,
    refetchInterval: LIVE_MS,
  })

  const send = async (file: File): Promise<void> => {
    setShare(0)
    try {
      const { id } = await sendFile<{ id: string }>('/api/videos', file, setShare)
      setAwaited(id)
    } catch (error) {
      const detail = isRefusal(error) ? error.details[0]?.message : undefined
      void message.error(`${file.name} — ${detail ?? textOf(error)}`, 8)
    }
    setShare(null)
  }

  return (
    <div className="video-input">
      {value !== null && (
        <>
          <video key={value} controls preload="metadata" src={`/videos/${value}.mp4`} aria-label={t('kind.video')} />
          <Button icon={<DeleteOutlined />} onClick={() => pick(NONE)}>
            {t('video.remove')}
          </Button>
        </>
      )}
      {share !== null && <Progress percent={Math.round(share * 100)} aria-label={t('video.sending')} />}
      {awaited !== null && (
        <div className="row" role="status">
          <Spin size="small" /> {t('video.making')}
        </div>
      )}
      {value === null && share === null && awaited === null && (
        <div className="row">
          <Upload
            accept="video/*"
            showUploadList={false}
            beforeUpload={(file) => {
              void send(file)
              return false
            }}
          >
            <Button icon={<VideoCameraAddOutlined />}>{t('video.add')}</Button>
          </Upload>
          {ready.length > 0 && (
            <Select
              placeholder={t('video.recent')}
              popupMatchSelectWidth={false}
              options={ready.map(({ id, createdAt, seconds }) => ({
                value: id,
                label: `${civilText(createdAt, zone, 'MM-DD HH:mm')} · ${durationText(seconds ?? 0, language)}`,
              }))}
              onChange={(id: string) => pick(ready.find((video) => video.id === id) ?? NONE)}
            />
          )}
        </div>
      )}
    </div>
  )
}
