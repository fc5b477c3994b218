import { Button, Result } from 'antd'
import { Link } from 'react-router'
import { useWords } from '../screen.tsx'

export function NotFound() {
  const { t } = useWords()
  return (
    <Result
      status="404"
      title={t('not-found.title')}
      extra={
        <Link to="/">
          <Button type="primary">{t('not-found.back')}</Button>
        </Link>
      }
    />
  )
}
