import type { PageName, PortalQuery } from './address.ts'
import { address } from './address.ts'
import { ledgerPage, voucherPage, type LedgerFound } from './ledger.ts'
import { messagePage, type Page } from './page.ts'
import { readingPage, videoPage, type Found } from './reading.ts'
import { columnPage, homePage, itemOf, sectionPage, type Visit } from './shelves.ts'

/** A request and a feed become a page. Pure: what is asked for and not there becomes a page that says so and leads back. */
export function portalPage(visit: Visit, name: PageName, query: PortalQuery, homeBack: string): Page {
  return PAGES[name](visit, query, homeBack) ?? missingPage(visit)
}

const PAGES: Record<PageName, (visit: Visit, query: PortalQuery, homeBack: string) => Page | undefined> = {
  '': homePage,
  section: sectionPage,
  column: columnPage,
  item: (visit, query) => {
    const found = itemOf(visit.feed, query.itemId)
    return found && itemPage(visit, found, query)
  },
  voucher: (visit, query) => {
    const found = itemOf(visit.feed, query.itemId)
    return found && isLedger(found) ? voucherPage(visit, found, query) : undefined
  },
}

function itemPage(visit: Visit, found: Found, query: PortalQuery): Page {
  if (isLedger(found)) return ledgerPage(visit, found, query)
  if (isVideo(found)) return query.page > 1 ? readingPage(visit, found, query, 1) : videoPage(visit, found, query)
  return readingPage(visit, found, query)
}

function isLedger(found: Found): found is LedgerFound {
  return found.item.kind === 'ledger'
}

function isVideo(found: Found): found is Found & { item: Extract<Found['item'], { kind: 'video' }> } {
  return found.item.kind === 'video'
}

/** What was asked for is not there, or is not for this box: which of the two is nobody's business. */
function missingPage(visit: Visit): Page {
  return messagePage(visit, {
    status: 404,
    place: visit.feed.areaName,
    heading: '没有找到这条内容',
    lines: ['它可能已经撤下、到期归档，', '或者只在本户的机顶盒上显示。'],
    back: address('', { area: visit.feed.areaCode }),
    button: '返回首页',
    mark: '?',
  })
}
