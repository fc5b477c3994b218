import { useWords } from '../screen.tsx'
import type { FieldChange } from '../trail.ts'

/** What a change left different, field by field. */
export function Changes({ changes }: { changes: FieldChange[] }) {
  const { t } = useWords()
  if (changes.length === 0) return <p className="faint">{t('changes.none')}</p>
  return (
    <div className="scroll">
      <table className="plain changes">
        <thead>
          <tr>
            <th>{t('changes.field')}</th>
            <th>{t('changes.before')}</th>
            <th>{t('changes.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.field}>
              <th scope="row">
                <code>{change.field}</code>
              </th>
              <td className="removed">{change.before}</td>
              <td>{change.after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
