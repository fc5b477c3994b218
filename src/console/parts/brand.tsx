import { useWords } from '../screen.tsx'

/** The station's mark and name. */
export function Brand({ small = false }: { small?: boolean }) {
  const { t } = useWords()
  return (
    <div className={small ? 'brand brand-small' : 'brand'}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="7" cy="25" r="4" className="brand-source" />
        <path d="M7 15a10 10 0 0 1 10 10M7 6.500a18.500 18.500 0 0 1 18.500 18.500" />
      </svg>
      <strong>{t('product')}</strong>
      {!small && <span>{t('product.kind')}</span>}
    </div>
  )
}
