import { useAreas } from '../areas.tsx'
import { useWords } from '../screen.tsx'

/** An area by its name, with its parent's for a village. */
export function Place({ code }: { code: string }) {
  const { nameOf } = useAreas()
  return <span title={code}>{nameOf(code)}</span>
}

/** Several areas: the first few by name, the rest as a count. */
export function Places({ codes, shown = 3 }: { codes: string[]; shown?: number }) {
  const { nameOf } = useAreas()
  const { t } = useWords()
  const names = codes.slice(0, shown).map(nameOf).join('、')
  return (
    <span title={codes.map(nameOf).join('、')}>
      {codes.length > shown ? t('area.and-more', { names, count: codes.length }) : names}
    </span>
  )
}
