import { describe, expect, it } from 'vitest'
import type { RankChange, Urgency } from '../../src/analyzer/views.ts'
import { rankChangeText, urgencyText } from '../../src/messages/urgency.ts'

const URGENCY: Urgency = { total: 72, gain: 31, confidence: 12, recurrence: 15, soon: 8, ease: 6 }

describe(urgencyText, () => {
  it('shows the parts that add up to it', () => {
    expect(urgencyText(URGENCY)).toBe(
      'Urgency 72 of 100: gain 31 of 40, sureness 12 of 20, on how many days 15 of 20, how soon again 8 of 10, ease 6 of 10',
    )
  })
})

describe(rankChangeText, () => {
  const down = { kind: 'moved', from: 1, to: 3, points: -12 } as const
  const up = { kind: 'moved', from: 3, to: 1, points: 12 } as const

  it.each<[RankChange, string]>([
    [{ ...down, by: 'soon' }, 'was 1, now 3: fewer demands'],
    [{ ...up, by: 'soon' }, 'was 3, now 1: more demands lately'],
    [{ ...down, by: 'gain' }, 'was 1, now 3: less to gain'],
    [{ ...up, by: 'recurrence' }, 'was 3, now 1: demand on more days'],
    [{ ...down, by: 'confidence' }, 'was 1, now 3: less sure'],
    [{ ...up, by: 'ease' }, 'was 3, now 1: easier to mend'],
    [{ ...down, by: 'others' }, 'was 1, now 3: others changed, not this one'],
    [{ kind: 'new', rank: 2 }, 'new at 2'],
    [{ kind: 'gone', was: 2 }, 'was 2, gone from the list'],
    [{ kind: 'same', rank: 2 }, 'still 2'],
  ])('says why it moved: %o', (change, text) => {
    expect(rankChangeText(change)).toBe(text)
  })
})
