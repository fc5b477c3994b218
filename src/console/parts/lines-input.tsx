import { Input } from 'antd'
import { useState } from 'react'

type Props = {
  id?: string
  value?: string[]
  onChange?: (lines: string[]) => void
  placeholder?: string
  rows?: number
}

/** Several short texts, one on each line: paragraphs, steps, materials. Empty lines are dropped. */
export function LinesInput({ id, value = [], onChange, placeholder, rows = 6 }: Props) {
  // What is being typed is kept as typed, so that a line begun is not swallowed while it is empty.
  const [text, setText] = useState(value.join('\n'))
  const shown = linesOf(text).join('\n') === value.join('\n') ? text : value.join('\n')
  return (
    <Input.TextArea
      {...(id === undefined ? {} : { id })}
      value={shown}
      placeholder={placeholder}
      autoSize={{ minRows: rows, maxRows: 24 }}
      onChange={(event) => {
        setText(event.target.value)
        onChange?.(linesOf(event.target.value))
      }}
    />
  )
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
