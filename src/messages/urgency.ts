import type { Urgency } from '../analyzer/views.ts'
import { count } from './format.ts'

type Part = Exclude<keyof Urgency, 'total'>

/** A part of the urgency in words: the most it can be, and what more and less of it mean. */
const PARTS: readonly { part: Part; most: number; name: string; more: string; less: string }[] = [
  { part: 'gain', most: 40, name: 'gain', more: 'more to gain', less: 'less to gain' },
  { part: 'confidence', most: 20, name: 'sureness', more: 'surer', less: 'less sure' },
  {
    part: 'recurrence',
    most: 20,
    name: 'on how many days',
    more: 'on more days',
    less: 'on fewer days',
  },
  { part: 'soon', most: 10, name: 'how soon again', more: 'due sooner', less: 'due later' },
  { part: 'ease', most: 10, name: 'ease', more: 'easier to mend', less: 'harder to mend' },
]

/** Returns an urgency with its parts: `Urgency 72 of 100: gain 31 of 40, …`. */
export function urgencyText(urgency: Urgency): string {
  const parts = PARTS.map(
    ({ part, most, name }) => `${name} ${Math.round(urgency[part])} of ${most}`,
  )
  return `${urgencyTotal(urgency)}: ${parts.join(', ')}`
}

/** Returns an urgency alone: `Urgency 72 of 100`. */
export function urgencyTotal({ total }: Urgency): string {
  return `Urgency ${Math.round(total)} of 100`
}

/** A channel's place in a ranking by urgency at one time. */
export type Placed = { rank: number; urgency: Urgency; demands: number }

/**
 * Says how a channel's rank changed and why: `was 1, now 3: fewer demands (9 → 4)`. Undefined when
 * it did not change.
 */
export function moveText(before: Placed, after: Placed): string | undefined {
  if (before.rank === after.rank) return undefined
  return `was ${before.rank}, now ${after.rank}: ${moveReason(before, after)}`
}

/** The part that pulled most in the direction of the move; without one, others moved. */
function moveReason(before: Placed, after: Placed): string {
  const direction = after.rank < before.rank ? 1 : -1
  const pulls = PARTS.map((words) => ({
    ...words,
    pull: direction * (after.urgency[words.part] - before.urgency[words.part]),
  }))
  const main = pulls.reduce((most, one) => (one.pull > most.pull ? one : most))
  // Less than half a point is not seen in a rounded figure.
  if (main.pull < 0.5) return 'others changed, not this one'
  const isOfDemands = direction * (after.demands - before.demands) > 0
  if (main.part === 'gain' && isOfDemands) {
    const change = `(${count(before.demands)} → ${count(after.demands)})`
    return `${direction > 0 ? 'more' : 'fewer'} demands ${change}`
  }
  return direction > 0 ? main.more : main.less
}
