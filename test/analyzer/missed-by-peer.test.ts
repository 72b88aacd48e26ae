import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/analyzer/analysis.ts'
import { runToEnd } from '../../src/analyzer/estimate.ts'
import { missedByPeer } from '../../src/analyzer/missed-by-peer.ts'
import type { Missed } from '../../src/analyzer/views.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { ALICE, BOB, CAROL, channel, DAY, HOUR } from '../support/events.ts'
import { Story } from '../support/story.ts'

const SECOND_OF_BOB: Scid = '811111x1x1'
const PUBKEYS = {
  alice: `02${'a'.repeat(64)}`,
  bob: `02${'b'.repeat(64)}`,
  carol: `02${'c'.repeat(64)}`,
}

/** A node with two channels to bob, whose demands come for four days, and one to carol with two. */
function fourDays(): Story {
  const peer = (name: keyof typeof PUBKEYS) => ({ peer: { pubkey: PUBKEYS[name], alias: name } })
  const story = new Story([
    channel(ALICE, peer('alice')),
    channel(BOB, peer('bob')),
    channel(SECOND_OF_BOB, peer('bob')),
    channel(CAROL, peer('carol')),
  ])
  for (let i = 0; i < 24; i++) {
    const to = i % 3 === 0 ? SECOND_OF_BOB : BOB
    story.refused({ at: (i * 4 * HOUR) / 1000, sat: 100_000 + 7_919 * i, feeSat: 100, to })
  }
  for (let i = 0; i < 2; i++) {
    story.refused({ at: (i * DAY + 1_000) / 1000, sat: 50_000 + i, feeSat: 50, to: CAROL })
  }
  return story.until((4 * DAY) / 1000)
}

function byPeer({ memory, now }: Story) {
  const analysis = runToEnd(analyse(memory, now, () => undefined))
  const found = missedByPeer(memory, analysis, '7d')
  if (found === undefined) throw new Error('the week was analysed')
  return { ...found, channels: analysis.windows.get('7d')?.opportunities ?? [] }
}

describe(missedByPeer, () => {
  it('has one row for the channels of a peer, with the interval of the peer', () => {
    const { rows, channels } = byPeer(fourDays())
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ pubkey: PUBKEYS.bob, alias: 'bob', channels: 2, demands: 24 })
    const { expectedMsat = 0n, highMsat = 0n } = rows[0]?.missed ?? {}
    const own = channels.filter(({ alias }) => alias === 'bob').map((one) => one.missed.liquidity)
    const sum = (of: (missed: Missed) => bigint) => own.reduce((total, one) => total + of(one), 0n)
    expect(expectedMsat).toBe(sum((one) => one.expectedMsat))
    // Chances even out: the interval is narrower than those of its channels laid end to end.
    expect(highMsat).toBeLessThan(sum((one) => one.highMsat))
    expect(expectedMsat).toBeGreaterThan(0n)
  })

  it('counts a peer of whom too little is known, and leaves out who missed nothing', () => {
    const { hidden, rows } = byPeer(fourDays())
    expect(hidden).toBe(1)
    expect(rows.map(({ alias }) => alias)).not.toContain('alice')
  })

  it('says nothing of a window that was not analysed', () => {
    const { memory, now } = fourDays()
    expect(missedByPeer(memory, { at: now, windows: new Map() }, '7d')).toBeUndefined()
  })
})
