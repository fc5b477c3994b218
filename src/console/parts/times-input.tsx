import { Tag, TimePicker } from 'antd'
import { useWords } from '../screen.tsx'

/** Times of a day, in order. */
export function TimesInput({ value = [], onChange }: { value?: string[]; onChange?: (times: string[]) => void }) {
  const { t } = useWords()
  return (
    <div className="row">
      {value.map((time) => (
        <Tag
          key={time}
          closable
          onClose={() => onChange?.(value.filter((each) => each !== time))}
          className="time-tag figures"
        >
          {time}
        </Tag>
      ))}
      <TimePicker
        format="HH:mm"
        needConfirm
        aria-label={t('schedules.add-time')}
        placeholder={t('schedules.add-time')}
        value={null}
        onChange={(face) => face && onChange?.([...new Set([...value, face.format('HH:mm')])].sort())}
      />
    </div>
  )
}
