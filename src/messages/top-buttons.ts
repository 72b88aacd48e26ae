import type { Scid } from '../lightning/scid.ts'
import {
  RANK_FAMILIES,
  RANK_ORDERS,
  type RankFamily,
  type RankQuestion,
  WINDOWS,
} from '../stats/views.ts'
import { type Button, button, choice } from './message.ts'

/** Rows on a page of /top: two or three lines each fill a phone's screen. */
export const TOP_PAGE = 8
export const MISSED_PAGE = 6

/** Returns the words of the command that asks this question, as a button's data or a person has it. */
export function topWords(question: RankQuestion): string[] {
  const { window, order, family, offset } = question
  const words = ['top', window, order]
  if (family) words.push(family)
  if (offset > 0) words.push(`from${offset + 1}`)
  return words
}

/** The buttons under a page of channels: each channel, the windows, the orders, pages and families. */
export function topButtons(
  question: RankQuestion,
  scids: readonly Scid[],
  total: number,
): readonly (readonly Button[])[] {
  const first = { ...question, offset: 0 }
  return [
    scids.map((scid, i) =>
      button(String(question.offset + i + 1), 'channel', scid, question.window, 'new'),
    ),
    WINDOWS.map((window) => asking(window, window === question.window, { ...first, window })),
    orderButtons(first),
    [...pageButtons(question, total), ...familyButton(first)],
  ]
}

/** Returns whether an order is of refusals, of which families are kinds. */
export function isOfRefusals({ order }: RankQuestion): boolean {
  return order === 'missed' || order === 'failures'
}

// What was missed is not told apart by family: its button leaves the family.
function orderButtons(question: RankQuestion): readonly Button[] {
  return RANK_ORDERS.map((order) => {
    const family = order === 'missed' ? undefined : question.family
    const isChosen = order === question.order && family === question.family
    return asking(order, isChosen, { ...question, order, family })
  })
}

function asking(label: string, isChosen: boolean, question: RankQuestion): Button {
  return choice(label, isChosen, ...topWords(question))
}

function pageButtons(question: RankQuestion, total: number): readonly Button[] {
  const { offset, limit } = question
  const to = (label: string, start: number) =>
    button(label, ...topWords({ ...question, offset: Math.max(0, start) }))
  return [
    ...(offset > 0 ? [to('‹ back', offset - limit)] : []),
    ...(offset + limit < total ? [to('more ›', offset + limit)] : []),
  ]
}

/** The button that goes through the families; earnings have none. */
function familyButton(question: RankQuestion): readonly Button[] {
  if (!isOfRefusals(question)) return []
  const families: readonly (RankFamily | undefined)[] = [undefined, ...RANK_FAMILIES]
  const next = families[(families.indexOf(question.family) + 1) % families.length]
  const label = question.family ? `only ${question.family} ▸` : 'all refusals ▸'
  return [button(label, ...topWords({ ...question, family: next }))]
}
