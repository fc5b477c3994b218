import { Alert } from 'antd'

/** What was refused and belongs to no single field, above the form. */
export function FormFaults({ above }: { above: string[] }) {
  if (above.length === 0) return null
  return (
    <Alert
      type="error"
      showIcon
      className="form-faults"
      title={above[0]}
      description={
        above.length > 1 && (
          <ul>
            {above.slice(1).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )
      }
    />
  )
}
