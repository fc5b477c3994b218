/**
 * The addresses of the portal. All of them are relative and all pages lie at one depth, so that the portal works under any
 * path prefix that an operator puts before it, and as files.
 */

export type PageName = '' | 'section' | 'column' | 'item' | 'voucher'

type Values = Record<string, string | number | undefined>

export function address(page: PageName, values: Values = {}): string {
  const query = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&')
  return `${page === '' ? './' : page}${query === '' ? '' : `?${query}`}`
}

/** A picture as it is scaled for a television: no box scales well by itself. */
export function pictureAddress(hash: string): string {
  return `../pictures/${encodeURIComponent(hash)}/tv`
}

export function videoAddress(hash: string): string {
  return `../videos/${encodeURIComponent(hash)}.mp4`
}

/** What a request asks the portal for. Everything comes from outside, so nothing here is more than a well-formed guess. */
export type PortalQuery = {
  page: number
  focus: string
  sectionId: string
  columnId: string
  itemId: string
  line: number
  voucher: number
  isFull: boolean
  inside: string
}

const NUMBER_LIMIT = 99_999
const WORD_LIMIT = 64

export function readQuery(values: Record<string, string>): PortalQuery {
  const word = (name: string): string => {
    const text = values[name] ?? ''
    return text.length <= WORD_LIMIT && /^[\w-]+$/.test(text) ? text : ''
  }
  const number = (name: string): number => {
    const value = Number(values[name] ?? 1)
    return Number.isInteger(value) && value >= 1 && value <= NUMBER_LIMIT ? value : 1
  }
  return {
    page: number('page'),
    focus: word('focus'),
    sectionId: word('section'),
    columnId: word('column'),
    itemId: word('item'),
    line: number('line'),
    voucher: number('voucher'),
    isFull: values.full === '1',
    inside: word('inside'),
  }
}
