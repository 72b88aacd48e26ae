import type { Opportunity, RankChange, UrgencyPart } from '../analyzer/views.ts'
import type { Window } from '../stats/views.ts'
import { WINDOW_WORDS } from './span.ts'

/** A part of the urgency in words: the most it can be, and what more and less of it mean. */
type PartText = { most: number; name: string; more: string; less: string }

const PARTS: Readonly<Record<UrgencyPart, PartText>> = {
  gain: { most: 40, name: 'gain', more: 'more to gain', less: 'less to gain' },
  confidence: { most: 20, name: 'sureness', more: 'surer', less: 'less sure' },
  recurrence: {
    most: 20,
    name: 'on how many days',
    more: 'demand on more days',
    less: 'demand on fewer days',
  },
  soon: { most: 10, name: 'how soon again', more: 'more demands lately', less: 'fewer demands' },
  ease: { most: 10, name: 'ease', more: 'easier to mend', less: 'harder to mend' },
}

/**
 * Returns an urgency with its parts: `Urgency 72 of 100: gain 31 of 40, …`. One that rests on another
 * window than the one shown says so.
 */
export function urgencyText(rated: Rated, window: Window): string {
  const { urgency } = rated
  const parts = (Object.keys(PARTS) as UrgencyPart[]).map(
    (part) => `${PARTS[part].name} ${urgency[part]} of ${PARTS[part].most}`,
  )
  return `${urgencyTotal(rated, window)}: ${parts.join(', ')}`
}

/** Returns an urgency alone: `Urgency 72 of 100`, `Urgency 72 of 100 (of 7 days)`. */
export function urgencyTotal({ urgency, advice }: Rated, window: Window): string {
  const of = advice.window === window ? '' : ` (of ${WINDOW_WORDS[advice.window]})`
  return `Urgency ${urgency.total} of 100${of}`
}

type Rated = Pick<Opportunity, 'urgency' | 'advice'>

/** Says how a channel's place changed and why: `Place 3 by urgency, 1 a day ago: fewer demands.` */
export function rankChangeText(change: RankChange): string {
  switch (change.kind) {
    case 'new':
      return `Place ${change.rank} by urgency; a day ago it was not on the list.`
    case 'gone':
      return `No more on the list by urgency; a day ago it had place ${change.was}.`
    case 'same':
      return `Place ${change.rank} by urgency, as a day ago.`
    case 'moved':
      return `Place ${change.to} by urgency, ${change.from} a day ago: ${moveReason(change)}.`
  }
}

function moveReason({ by, points }: Extract<RankChange, { kind: 'moved' }>): string {
  if (by === 'others') return 'others changed, not this one'
  return points > 0 ? PARTS[by].more : PARTS[by].less
}
