import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/analyzer/analysis.ts'
import { newestDemands } from '../../src/analyzer/analysis-views.ts'
import { runToEnd } from '../../src/analyzer/estimate.ts'
import { ALICE, BOB, CAROL, channel, DAY, HOUR } from '../support/events.ts'
import { Story } from '../support/story.ts'

/** Twelve demands in turns for bob's and carol's channel, all of them from alice's. */
function twoDays() {
  const story = new Story([channel(ALICE), channel(BOB), channel(CAROL)])
  for (let i = 0; i < 12; i++) {
    const at = (i * 4 * HOUR) / 1000
    story.refused({ at, sat: 100_000 + 7_919 * i, feeSat: 100, to: i % 2 === 0 ? BOB : CAROL })
  }
  const { memory, now } = story.until((2 * DAY) / 1000)
  return { memory, analysis: runToEnd(analyse(memory, now, () => undefined)) }
}

describe(newestDemands, () => {
  it('has the latest of all channels first, each with what was asked for and from where', () => {
    const { memory, analysis } = twoDays()
    const found = newestDemands(memory, analysis, '7d', 3)
    expect(found?.total).toBe(12)
    expect(found?.rows.map(({ scid }) => scid)).toEqual([CAROL, BOB, CAROL])
    expect(found?.rows.map(({ from }) => from?.scid)).toEqual([ALICE, ALICE, ALICE])
    expect(found?.rows.map(({ wantedMsat }) => wantedMsat)).toEqual([
      187_109_000n,
      179_190_000n,
      171_271_000n,
    ])
  })

  it('says nothing of a window that was not analysed', () => {
    const { memory } = twoDays()
    expect(newestDemands(memory, { at: 0, windows: new Map() }, '7d', 3)).toBeUndefined()
  })
})
