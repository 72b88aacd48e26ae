import type { RankChange, Urgency, UrgencyPart } from '../analyzer/views.ts'

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

/** Returns an urgency with its parts: `Urgency 72 of 100: gain 31 of 40, …`. */
export function urgencyText(urgency: Urgency): string {
  const parts = (Object.keys(PARTS) as UrgencyPart[]).map(
    (part) => `${PARTS[part].name} ${urgency[part]} of ${PARTS[part].most}`,
  )
  return `${urgencyTotal(urgency)}: ${parts.join(', ')}`
}

/** Returns an urgency alone: `Urgency 72 of 100`. */
export function urgencyTotal({ total }: Urgency): string {
  return `Urgency ${total} of 100`
}

/** Says how a channel's rank changed and why: `was 1, now 3: fewer demands`. */
export function rankChangeText(change: RankChange): string {
  switch (change.kind) {
    case 'new':
      return `new at ${change.rank}`
    case 'gone':
      return `was ${change.was}, gone from the list`
    case 'same':
      return `still ${change.rank}`
    case 'moved':
      return `was ${change.from}, now ${change.to}: ${moveReason(change)}`
  }
}

function moveReason({ by, points }: Extract<RankChange, { kind: 'moved' }>): string {
  if (by === 'others') return 'others changed, not this one'
  return points > 0 ? PARTS[by].more : PARTS[by].less
}
