import { describe, expect, it } from 'vitest'
import type { RankChange, Urgency } from '../../src/analyzer/views.ts'
import { rankChangeText, urgencyText, urgencyTotal } from '../../src/messages/urgency.ts'

const URGENCY: Urgency = { total: 72, gain: 31, confidence: 12, recurrence: 15, soon: 8, ease: 6 }
const span = { from: 0, to: 604_800_000, coveredMs: 604_800_000 }
const RATED = { urgency: URGENCY, advice: { window: '7d', span } } as const

describe(urgencyText, () => {
  it('shows the parts that add up to it', () => {
    expect(urgencyText(RATED, '7d')).toBe(
      'Urgency 72 of 100: gain 31 of 40, sureness 12 of 20, on how many days 15 of 20, how soon again 8 of 10, ease 6 of 10',
    )
  })

  it('says of which window it is, where that is not the one shown', () => {
    expect(urgencyTotal(RATED, '7d')).toBe('Urgency 72 of 100')
    expect(urgencyTotal(RATED, '24h')).toBe('Urgency 72 of 100 (of 7 days)')
    expect(urgencyText(RATED, '24h')).toMatch(/^Urgency 72 of 100 \(of 7 days\): gain/)
  })
})

describe(rankChangeText, () => {
  const down = { kind: 'moved', from: 1, to: 3, points: -12 } as const
  const up = { kind: 'moved', from: 3, to: 1, points: 12 } as const

  it.each<[RankChange, string]>([
    [{ ...down, by: 'soon' }, 'Place 3 by urgency, 1 a day ago: fewer demands.'],
    [{ ...up, by: 'soon' }, 'Place 1 by urgency, 3 a day ago: more demands lately.'],
    [{ ...down, by: 'gain' }, 'Place 3 by urgency, 1 a day ago: less to gain.'],
    [{ ...up, by: 'recurrence' }, 'Place 1 by urgency, 3 a day ago: demand on more days.'],
    [{ ...down, by: 'confidence' }, 'Place 3 by urgency, 1 a day ago: less sure.'],
    [{ ...up, by: 'ease' }, 'Place 1 by urgency, 3 a day ago: easier to mend.'],
    [{ ...down, by: 'others' }, 'Place 3 by urgency, 1 a day ago: others changed, not this one.'],
    [{ kind: 'new', rank: 2 }, 'Place 2 by urgency; a day ago it was not on the list.'],
    [{ kind: 'gone', was: 2 }, 'No more on the list by urgency; a day ago it had place 2.'],
    [{ kind: 'same', rank: 2 }, 'Place 2 by urgency, as a day ago.'],
  ])('says why it moved: %o', (change, text) => {
    expect(rankChangeText(change)).toBe(text)
  })
})
