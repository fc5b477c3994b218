import { Image } from 'antd'
import type { Item } from '../items.ts'
import { sumsOf } from '../ledger-sums.ts'
import { durationText, yuanText } from '../quantities.ts'
import { useWords } from '../screen.tsx'
import { Facts } from './facts.tsx'

/** What an item says, by its kind. */
export function ItemBody({ item }: { item: Item }) {
  const { t, language } = useWords()
  if (item.kind === 'article' || item.kind === 'notice') {
    return (
      <div className="prose">
        {item.content.paragraphs.map((paragraph, index) => (
          // Paragraphs are only ever read here, in their order.
          // oxlint-disable-next-line react/no-array-index-key
          <p key={index}>{paragraph}</p>
        ))}
        <Pictures hashes={item.content.pictures} label={t('content.pictures')} />
      </div>
    )
  }
  if (item.kind === 'ledger') {
    return <Ledger content={item.content} />
  }
  if (item.kind === 'guide') {
    return (
      <div className="prose">
        <h3>{t('guide.steps')}</h3>
        <ol>
          {item.content.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <h3>{t('guide.materials')}</h3>
        <ul>
          {item.content.materials.map((material) => (
            <li key={material}>{material}</li>
          ))}
        </ul>
        <Facts
          facts={(['place', 'telephone', 'hours', 'fee'] as const).map((field) => [
            t(`guide.${field}`),
            item.content[field] || '—',
          ])}
        />
      </div>
    )
  }
  return (
    <div className="prose">
      {item.content.videoHash && (
        <video
          controls
          preload="none"
          src={`/videos/${item.content.videoHash}.mp4`}
          {...(item.content.posterHash ? { poster: `/pictures/${item.content.posterHash}/tv` } : {})}
          aria-label={item.title}
        />
      )}
      <p>{item.content.description}</p>
      <p className="faint">{durationText(item.content.seconds, language)}</p>
    </div>
  )
}

function Ledger({ content }: { content: Extract<Item, { kind: 'ledger' }>['content'] }) {
  const { t } = useWords()
  const sums = sumsOf(content.openingCents, content.lines)
  return (
    <div className="scroll">
      <table className="plain ledger">
        <thead>
          <tr>
            <th>{t('ledger.date')}</th>
            <th>{t('ledger.purpose')}</th>
            <th>{t('ledger.payee')}</th>
            <th>{t('ledger.handler')}</th>
            <th className="right">{t('ledger.income')}</th>
            <th className="right">{t('ledger.expense')}</th>
            <th>{t('ledger.vouchers')}</th>
          </tr>
        </thead>
        <tbody>
          <tr className="faint">
            <td />
            <th scope="row" colSpan={3}>
              {t('ledger.opening')} <span className="figures">{yuanText(content.openingCents)}</span>
            </th>
            <td colSpan={3} />
          </tr>
          {content.lines.map((line) => (
            <tr key={line.line}>
              <td className="figures">{line.date}</td>
              <td>{line.purpose}</td>
              <td>{line.payee}</td>
              <td>{line.handler}</td>
              <td className="right figures">{line.direction === 'income' ? yuanText(line.amountCents) : ''}</td>
              <td className="right figures">{line.direction === 'expense' ? yuanText(line.amountCents) : ''}</td>
              <td>
                <Pictures hashes={line.vouchers} label={t('ledger.vouchers')} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <th scope="row" colSpan={3}>
              {t('ledger.closing')} <span className="figures">{yuanText(content.closingCents)}</span>
            </th>
            <td className="right figures">{yuanText(sums.incomeCents)}</td>
            <td className="right figures">{yuanText(sums.expenseCents)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

/** Pictures small; any of them opens large, and the others from there. */
export function Pictures({ hashes, label }: { hashes: string[]; label: string }) {
  const { t } = useWords()
  if (hashes.length === 0) return null
  return (
    <div className="pictures">
      <Image.PreviewGroup items={hashes.map((hash) => `/pictures/${hash}/full`)}>
        {hashes.map((hash, index) => (
          <Image
            key={hash}
            src={`/pictures/${hash}/thumb`}
            alt={t('picture.nth', { label, number: index + 1 })}
            width={48}
            height={48}
          />
        ))}
      </Image.PreviewGroup>
    </div>
  )
}
