import { DatePicker } from 'antd'
import { faceOf, instantOf } from '../moments.ts'
import { useMe } from '../session.tsx'

type Props = {
  id?: string
  value?: string | null
  onChange?: (at: string | null) => void
  placeholder?: string
  allowClear?: boolean
}

/** Picks an instant by its civil date and time in the station's zone. */
export function InstantPicker({ id, value, onChange, placeholder, allowClear = true }: Props) {
  const { zone } = useMe()
  return (
    <DatePicker
      {...(id === undefined ? {} : { id })}
      {...(placeholder === undefined ? {} : { placeholder })}
      className="wide"
      showTime={{ format: 'HH:mm' }}
      format="YYYY-MM-DD HH:mm"
      allowClear={allowClear}
      value={value ? faceOf(value, zone) : null}
      onChange={(face) => onChange?.(face ? instantOf(face, zone) : null)}
    />
  )
}
