import type { Item } from '../content/item.ts'
import type { Feed } from './feed.ts'

/** A feed as programs outside read it: pictures are addresses below the station's own, to which `/thumb`, `/tv` or `/full` may be added. */
export function publicFeed({ changesAt: _changesAt, ...feed }: Feed) {
  return {
    ...feed,
    sections: feed.sections.map((section) => ({
      ...section,
      columns: section.columns.map((column) => ({ ...column, items: column.items.map(publicItem) })),
    })),
  }
}

function publicItem(item: Item) {
  if (item.kind === 'guide') return item
  if (item.kind === 'ledger') {
    const lines = item.content.lines.map((line) => ({ ...line, vouchers: line.vouchers.map(addressOf) }))
    return { ...item, content: { ...item.content, lines } }
  }
  if (item.kind === 'video') {
    const { posterHash, ...content } = item.content
    return { ...item, content: { ...content, poster: posterHash === null ? null : addressOf(posterHash) } }
  }
  return { ...item, content: { ...item.content, pictures: item.content.pictures.map(addressOf) } }
}

function addressOf(hash: string): string {
  return `/pictures/${hash}`
}
