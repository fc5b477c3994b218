import { Button, Drawer } from 'antd'
import type { ReactNode } from 'react'
import { useIsNarrow, useWords } from '../screen.tsx'

type Props = {
  title: ReactNode
  open: boolean
  onClose: () => void
  children: ReactNode
  /** The id of the form that the button submits; without one the sheet only shows. */
  submits?: { form: string; label: string; isBusy: boolean; danger?: boolean }
  extra?: ReactNode
  wide?: boolean
}

/** A sheet that slides in over the page for one thing: to read it, write it or change it. It fills a phone. */
export function Sheet({ title, open, onClose, children, submits, extra, wide }: Props) {
  const { t } = useWords()
  const isNarrow = useIsNarrow()
  return (
    <Drawer
      title={title}
      open={open}
      onClose={onClose}
      size={isNarrow ? '100%' : wide ? 960 : 560}
      destroyOnHidden
      extra={extra}
      footer={
        submits && (
          <div className="sheet-buttons">
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button
              type="primary"
              htmlType="submit"
              form={submits.form}
              loading={submits.isBusy}
              danger={submits.danger ?? false}
            >
              {submits.label}
            </Button>
          </div>
        )
      }
    >
      {children}
    </Drawer>
  )
}
