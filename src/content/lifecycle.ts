import { conflict, type Text } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Item, ItemState } from './item.ts'

/**
 * The life of an item: draft → published → withdrawn → archived. A correction publishes anew, from published or withdrawn; an archived
 * item stays as it is for ever. Nothing is deleted: a draft that is given up is archived.
 */
export const moves = {
  change: { from: ['draft'], to: 'draft' },
  publish: { from: ['draft'], to: 'published' },
  correct: { from: ['published', 'withdrawn'], to: 'published' },
  withdraw: { from: ['published'], to: 'withdrawn' },
  archive: { from: ['draft', 'withdrawn'], to: 'archived' },
} as const satisfies Record<string, { from: ItemState[]; to: ItemState }>
export type Move = keyof typeof moves

export const stateNames: Record<ItemState, Text> = {
  draft: { zh: '草稿', en: 'a draft' },
  published: { zh: '已公开', en: 'published' },
  withdrawn: { zh: '已撤下', en: 'withdrawn' },
  archived: { zh: '已归档', en: 'archived' },
}

/** The item after the move, as its next version. Throws `conflict` when its state does not allow the move. */
export function moved(item: Item, move: Move, now: Instant): Item {
  const { from, to } = moves[move]
  if (!(from as readonly ItemState[]).includes(item.state)) throw notAllowed(item.state)
  const isShownAnew = to === 'published' && item.state !== 'published'
  return {
    ...item,
    state: to,
    version: item.version + 1,
    // A correction of what stands published keeps its place in the column; what comes back is news.
    publishedAt: isShownAnew ? now : item.publishedAt,
    updatedAt: now,
  }
}

/** The item pinned to the head of its column, or loosened. Throws `conflict` unless it is a draft or published. */
export function pinned(item: Item, isPinned: boolean, now: Instant): Item {
  if (item.state !== 'draft' && item.state !== 'published') throw notAllowed(item.state)
  return { ...item, version: item.version + 1, pinnedAt: isPinned ? now : null, updatedAt: now }
}

function notAllowed(state: ItemState): Error {
  const name = stateNames[state]
  return conflict(`这条信息${name.zh}，不能这样操作`, `The item is ${name.en}; this cannot be done to it`)
}
