import { Input } from 'antd'
import { useState } from 'react'
import { centsOf, yuanText } from '../quantities.ts'

type Props = {
  id?: string
  value?: number | null
  onChange?: (cents: number | null) => void
  label?: string
}

/** An amount in yuan, kept as whole cents. What is no amount yet is marked, and counts as none. */
export function AmountInput({ id, value, onChange, label }: Props) {
  const [text, setText] = useState<string | null>(null)
  const isBad = text !== null && text.trim() !== '' && centsOf(text) === undefined
  return (
    <Input
      {...(id === undefined ? {} : { id })}
      {...(label === undefined ? {} : { 'aria-label': label })}
      className="amount"
      inputMode="decimal"
      prefix="¥"
      value={text ?? (typeof value === 'number' ? yuanText(value) : '')}
      {...(isBad ? { status: 'error' as const } : {})}
      onFocus={(event) => event.target.select()}
      onChange={(event) => {
        setText(event.target.value)
        onChange?.(centsOf(event.target.value) ?? null)
      }}
      onBlur={() => {
        if (!isBad) setText(null)
      }}
    />
  )
}
