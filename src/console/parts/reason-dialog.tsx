import { Form, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useWords } from '../screen.tsx'

type Props = {
  title: string
  about?: ReactNode
  label?: string
  open: boolean
  isBusy: boolean
  danger?: boolean
  onClose: () => void
  onReason: (reason: string) => void
}

/** Asks why before something is taken back or corrected: the reason stands in the record for ever. */
export function ReasonDialog({ title, about, label, open, isBusy, danger = false, onClose, onReason }: Props) {
  const { t } = useWords()
  const [form] = Form.useForm<{ reason: string }>()
  return (
    <Modal
      title={title}
      open={open}
      onCancel={onClose}
      okText={label ?? title}
      okButtonProps={{ danger, loading: isBusy }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      {about && <p className="faint">{about}</p>}
      <Form form={form} layout="vertical" preserve={false} onFinish={({ reason }) => onReason(reason.trim())}>
        <Form.Item
          name="reason"
          label={t('reason')}
          rules={[{ required: true, whitespace: true, message: t('required') }]}
          extra={t('reason.kept')}
          className="counted"
        >
          <Input.TextArea maxLength={200} showCount autoSize={{ minRows: 2 }} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  )
}
