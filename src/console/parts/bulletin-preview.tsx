import { PlayCircleOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Alert, Button, Spin } from 'antd'
import { useEffect, useState } from 'react'
import { isSayable, speechOf, type Recording, type Template, type Written } from '../bulletins.ts'
import { answer, api } from '../client.ts'
import { durationText } from '../quantities.ts'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { voiceWords } from '../voices.ts'
import { useFailureText } from './failure.tsx'

const PAUSE_MS = 500
const LIVE_MS = 700

type Props = { written: Written; template: Template | undefined; recording: Recording | null }

/** What the loudspeakers will say, word for word, and how it sounds: heard before it is aired. */
export function BulletinPreview({ written, template, recording }: Props) {
  const { t, language } = useWords()
  const textOf = useFailureText()
  const speech = JSON.stringify(speechOf(written))
  const settled = useSettled(speech)
  const isReady = isSayable(written, template)
  const script = useQuery({
    queryKey: ['preview', settled],
    queryFn: () =>
      answer(
        api.bulletins.preview.$post({
          json: { ...(JSON.parse(settled) as ReturnType<typeof speechOf>), isSpoken: false },
        }),
      ),
    enabled: isReady && settled === speech,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
  // The key of the recording last asked for, with the words that it speaks.
  const [heard, setHeard] = useState<{ key: string; speech: string } | null>(
    recording ? { key: recording.key, speech } : null,
  )
  const { save, isSaving } = useSaving({
    send: () => answer(api.bulletins.preview.$post({ json: speechOf(written) })),
    refreshes: [],
    onDone: ({ recording: made }) => made && setHeard({ key: made.key, speech }),
  })
  return (
    <section className="sheet padded preview" aria-label={t('preview')}>
      <div className="row spread">
        <h2>{t('preview')}</h2>
        {isReady && script.data && (
          <span className="faint">
            {t('preview.about-seconds', { duration: durationText(script.data.seconds, language) })}
          </span>
        )}
      </div>
      {!isReady ? (
        <p className="faint">{t('preview.nothing')}</p>
      ) : script.error ? (
        <Alert type="error" showIcon title={textOf(script.error)} />
      ) : script.data ? (
        <blockquote className={script.isPlaceholderData ? 'script stale' : 'script'}>{script.data.script}</blockquote>
      ) : (
        <Spin />
      )}
      {isReady && (
        <Button icon={<PlayCircleOutlined />} loading={isSaving} onClick={() => save(undefined)}>
          {t('preview.hear')}
        </Button>
      )}
      {heard && <Sound key={heard.key} recordingKey={heard.key} isStale={heard.speech !== speech} />}
    </section>
  )
}

/** A recording as soon as it is made; until then, that it is being made. */
function Sound({ recordingKey, isStale }: { recordingKey: string; isStale: boolean }) {
  const { t, language } = useWords()
  const query = useQuery({
    queryKey: ['recordings', recordingKey],
    queryFn: () => answer(api.recordings[':key'].$get({ param: { key: recordingKey } })),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'pending' ? LIVE_MS : false),
  })
  const recording = query.data
  if (recording === undefined || recording.state === 'pending') {
    return (
      <div className="row" role="status">
        <Spin size="small" /> {t('preview.speaking')}
      </div>
    )
  }
  if (recording.state === 'failed' || recording.url === null) {
    return <Alert type="error" showIcon title={t('preview.failed')} description={recording.reason} />
  }
  return (
    <div className={isStale ? 'sound stale' : 'sound'}>
      <audio controls preload="metadata" src={recording.url} aria-label={t('preview.hear')} />
      <p className="faint">
        {isStale
          ? t('preview.stale')
          : t('preview.spoken', {
              voice: recording.voice === null ? '—' : voiceWords(recording.voice, t),
              duration: durationText(recording.seconds ?? 0, language),
            })}
      </p>
    </div>
  )
}

/** A text once it has stood unchanged for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const waiting = setTimeout(() => setSettled(text), PAUSE_MS)
    return () => clearTimeout(waiting)
  }, [text])
  return settled
}
