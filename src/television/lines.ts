/**
 * Text set in lines on the server, so that every box shows the same page, however old its engine: Chinese text may break between any
 * two characters, except that closing marks never begin a line, opening marks never end one, and words and numbers stay whole.
 */

const FULL_WIDTH =
  /[⺀-鿿豈-﫿︰-﹏\uff00-\uff60\uffe0-\uffe6　-〿‘’“”…—·①-⓿]|[\u{20000}-\u{3ffff}]|\p{Extended_Pictographic}/u
const NEVER_FIRST = /^[、。，．；：？！）》」』】〉〕”’％%…—·,.;:?!)\]}]/u
const NEVER_LAST = /[（《「『【〈〔“‘([{￥¥$]$/u
const WORD = /[\p{Script=Latin}\p{N}.,:/@&=+_%#-]/u

/** Width of a text in ems: a Chinese character is one, a Latin letter or digit about six tenths. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += widthOfCharacter(character)
  return width
}

function widthOfCharacter(character: string): number {
  if (FULL_WIDTH.test(character)) return 1
  if (character === ' ') return 0.3
  return /[A-Z@%&mwMW]/.test(character) ? 0.8 : 0.6
}

/** Breaks a paragraph into lines of at most `ems` ems; the first leaves room for an `indent`. */
export function breakLines(text: string, ems: number, indent = 0): string[] {
  const lines: string[] = []
  let line: string[] = []
  let width = indent
  for (const piece of piecesOf(text.replaceAll(/\s+/gu, ' ').trim(), ems)) {
    if (line.length === 0 && piece === ' ') continue
    if (line.length > 0 && width + widthOf(piece) > ems && piece !== ' ') {
      const carried = [piece]
      // Marks take their neighbour along to the next line, unless that would leave nothing on this one.
      while (line.length > 1 && (NEVER_FIRST.test(carried[0]!) || NEVER_LAST.test(line.at(-1)!))) {
        carried.unshift(line.pop()!)
      }
      lines.push(line.join('').trim())
      line = carried
      width = widthOf(carried.join(''))
      continue
    }
    line.push(piece)
    width += widthOf(piece)
  }
  if (line.length > 0) lines.push(line.join('').trim())
  return lines
}

/** Cuts a text into lines of at most `ems` ems, between any two characters. */
export function cutLines(text: string, ems: number): string[] {
  const lines: string[] = []
  let line = ''
  let width = 0
  for (const character of text) {
    width += widthOfCharacter(character)
    if (width > ems && line !== '') {
      lines.push(line)
      line = ''
      width = widthOfCharacter(character)
    }
    line += character
  }
  return line === '' ? lines : [...lines, line]
}

/** Characters, with words and numbers kept together while they fit in a line. */
function piecesOf(text: string, ems: number): string[] {
  const pieces: string[] = []
  let word = ''
  for (const character of text) {
    if (WORD.test(character) && widthOf(word + character) <= ems) {
      word += character
      continue
    }
    if (word !== '') pieces.push(word)
    word = WORD.test(character) ? character : ''
    if (word === '') pieces.push(character)
  }
  if (word !== '') pieces.push(word)
  return pieces
}

/** Cuts a text that is longer than `ems` and ends it with an ellipsis. */
export function shorten(text: string, ems: number): string {
  if (widthOf(text) <= ems) return text
  let kept = ''
  let width = 1
  for (const character of text) {
    width += widthOfCharacter(character)
    if (width > ems) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** The first lines of a text that is set in at most `limit` lines; what does not fit is cut with an ellipsis. */
export function clampLines(text: string, ems: number, limit: number): string[] {
  const lines = breakLines(text, ems)
  if (lines.length <= limit) return lines
  const last = lines.slice(limit - 1).join('')
  return [...lines.slice(0, limit - 1), shorten(last, ems)]
}

/** Fills pages with blocks from top to bottom; a block with `keepWithNext` is never the last of a page. */
export function paginate<B extends { height: number; keepWithNext?: boolean }>(blocks: B[], pageHeight: number): B[][] {
  const pages: B[][] = []
  let page: B[] = []
  let used = 0
  for (const [index, block] of blocks.entries()) {
    const next = block.keepWithNext ? (blocks[index + 1]?.height ?? 0) : 0
    if (used + block.height + next > pageHeight && page.length > 0) {
      pages.push(page)
      page = []
      used = 0
    }
    page.push(block)
    used += block.height
  }
  if (page.length > 0) pages.push(page)
  return pages
}

/** One page of a list, counted from 1. A page number outside the list means the nearest one. */
export function pageOf<T>(list: T[], size: number, page: number): { page: number; pages: number; entries: T[] } {
  const pages = Math.max(1, Math.ceil(list.length / size))
  const inside = Math.min(Math.max(1, page), pages)
  return { page: inside, pages, entries: list.slice((inside - 1) * size, inside * size) }
}
