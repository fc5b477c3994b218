import { Button, Result } from 'antd'
import { isRefusal } from '../client.ts'
import { useWords } from '../screen.tsx'

/** What a failed request says, in words a person can act on. */
export function useFailureText(): (error: unknown) => string {
  const { t } = useWords()
  return (error) => {
    if (!isRefusal(error)) return t('failure.internal')
    if (error.fault === 'unreachable') return t('failure.unreachable')
    return error.message || t('failure.internal')
  }
}

/** Stands where content would, when it could not be had. */
export function Failure({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  const { t } = useWords()
  const textOf = useFailureText()
  const forbidden = isRefusal(error) && error.fault === 'forbidden'
  return (
    <Result
      className="failure"
      status={forbidden ? '403' : 'warning'}
      title={forbidden ? t('failure.forbidden') : t('failure.title')}
      subTitle={textOf(error)}
      extra={again && <Button onClick={again}>{t('failure.again')}</Button>}
    />
  )
}

/** Stands where a page would that the person may not see. */
export function Forbidden() {
  const { t } = useWords()
  return (
    <Result className="failure" status="403" title={t('failure.forbidden')} subTitle={t('failure.forbidden-about')} />
  )
}
