import { useEffect, type ReactNode } from 'react'
import { useWords } from '../screen.tsx'

type Props = {
  title: string
  /** One line on what the page is for, or what it shows now. */
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** The frame of every page: heading, what it is for, its actions, its content. */
export function Page({ title, about, actions, children }: Props) {
  const { t } = useWords()
  useEffect(() => {
    document.title = `${title} · ${t('product')}`
  }, [title, t])
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {about && <p className="page-about">{about}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
