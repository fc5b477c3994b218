import { TreeSelect } from 'antd'
import { useAreas } from '../areas.tsx'
import { useWords } from '../screen.tsx'

type Shared = {
  id?: string
  placeholder?: string
  disabled?: boolean
  allowClear?: boolean
  className?: string
  label?: string
}

const popup = { popup: { root: { maxHeight: 420, minWidth: 260 } } }

/** Picks one area of the person's tree. */
export function AreaSelect(props: Shared & { value?: string | undefined; onChange?: (code: string) => void }) {
  const { t } = useWords()
  const { tree, query } = useAreas()
  const { label, ...rest } = props
  return (
    <TreeSelect
      {...rest}
      aria-label={label ?? t('area')}
      placeholder={rest.placeholder ?? (rest.allowClear ? t('area.any') : t('area.pick'))}
      loading={query.isPending}
      treeData={tree}
      treeDefaultExpandedKeys={tree.map((node) => node.value)}
      showSearch={{ treeNodeFilterProp: 'title' }}
      styles={popup}
    />
  )
}

/** Picks any number of areas; one that is picked stands for everything inside it. */
export function AreasSelect(props: Shared & { value?: string[]; onChange?: (codes: string[]) => void }) {
  const { t } = useWords()
  const { tree, query } = useAreas()
  const { label, ...rest } = props
  return (
    <TreeSelect
      {...rest}
      aria-label={label ?? t('area.targets')}
      placeholder={rest.placeholder ?? t('area.pick-many')}
      loading={query.isPending}
      treeData={tree}
      treeDefaultExpandedKeys={tree.map((node) => node.value)}
      treeCheckable
      showCheckedStrategy={TreeSelect.SHOW_PARENT}
      maxTagCount="responsive"
      showSearch={{ treeNodeFilterProp: 'title' }}
      styles={popup}
    />
  )
}
