import { useWords } from '../screen.tsx'

export type LineFault = { field: string; message: string; line?: number | undefined; column?: string | undefined }

/** The lines of a sheet that were not accepted, and why. */
export function LineFaults({ faults }: { faults: LineFault[] }) {
  const { t } = useWords()
  return (
    <div className="scroll">
      <table className="plain">
        <thead>
          <tr>
            <th>{t('import.line')}</th>
            <th>{t('import.column')}</th>
            <th>{t('import.fault')}</th>
          </tr>
        </thead>
        <tbody>
          {faults.map((fault) => (
            <tr key={`${fault.line} ${fault.column ?? fault.field} ${fault.message}`}>
              <td className="figures">{fault.line ?? '—'}</td>
              <td>
                <code>{fault.column ?? fault.field}</code>
              </td>
              <td>{fault.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
