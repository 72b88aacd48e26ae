import { describe, expect, it } from 'vitest'
import type { Urgency } from '../../src/analyzer/views.ts'
import { moveText, urgencyText } from '../../src/messages/urgency.ts'

const URGENCY: Urgency = {
  total: 72.4,
  gain: 31.2,
  confidence: 12,
  recurrence: 15,
  soon: 8,
  ease: 6.2,
}

function placed(rank: number, demands: number, changes: Partial<Urgency> = {}) {
  return { rank, demands, urgency: { ...URGENCY, ...changes } }
}

describe(urgencyText, () => {
  it('shows the parts that add up to it', () => {
    expect(urgencyText(URGENCY)).toBe(
      'Urgency 72 of 100: gain 31 of 40, sureness 12 of 20, on how many days 15 of 20, how soon again 8 of 10, ease 6 of 10',
    )
  })
})

describe(moveText, () => {
  it('says what moved a channel most in the direction that it went', () => {
    expect(moveText(placed(1, 9), placed(3, 4, { gain: 11, soon: 9 }))).toBe(
      'was 1, now 3: fewer demands (9 → 4)',
    )
    expect(moveText(placed(3, 4), placed(1, 9, { gain: 40 }))).toBe(
      'was 3, now 1: more demands (4 → 9)',
    )
    expect(moveText(placed(3, 4), placed(2, 4, { gain: 36 }))).toBe('was 3, now 2: more to gain')
    expect(moveText(placed(1, 4), placed(2, 5, { gain: 20 }))).toBe('was 1, now 2: less to gain')
    expect(moveText(placed(1, 4), placed(4, 4, { recurrence: 3 }))).toBe(
      'was 1, now 4: on fewer days',
    )
    expect(moveText(placed(5, 4), placed(4, 4, { ease: 10 }))).toBe('was 5, now 4: easier to mend')
  })

  it('says when it was the others that moved, and nothing when it stayed', () => {
    expect(moveText(placed(1, 9), placed(2, 9))).toBe('was 1, now 2: others changed, not this one')
    expect(moveText(placed(2, 9), placed(2, 4, { gain: 1 }))).toBeUndefined()
  })
})
