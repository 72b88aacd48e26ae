import { describe, expect, it } from 'vitest'
import { channelCases, scopeOf } from '../../src/analyzer/channel-cases.ts'
import { estimate, runToEnd } from '../../src/analyzer/estimate.ts'
import { opportunityOf } from '../../src/analyzer/opportunities.ts'
import type { Opportunity, WindowDemand } from '../../src/analyzer/views.ts'
import type { Channel } from '../../src/lightning/channel.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { Memory } from '../../src/stats/memory.ts'
import { drained, POLICY, SAT } from '../support/cases.ts'
import {
  ALICE,
  BOB,
  CAROL,
  channel,
  DAY,
  event,
  failed,
  HOUR,
  MINUTE,
  NOON,
  offered,
  refused,
  settled,
} from '../support/events.ts'

const SECOND = 1000
const START = NOON - 7 * DAY
/** A second channel to Bob. */
const BOB_TOO: Scid = '830000x1x0'
const DAVE: Scid = '840000x3x1'

/** Scripts HTLCs of one amount that pay 1,000 ppm, each with an id of its own. */
class Script {
  readonly events: HtlcEvent[] = []
  #nextId = 0

  refuse(sat: number, at: number, given: Partial<HtlcEvent> = {}): void {
    this.events.push(refused(this.#nextId++, { ...paying(sat), at, ...given }))
  }

  /** A forward that ends after so many seconds. */
  forward(sat: number, at: number, seconds: number, isSettled: boolean, over: Scid = BOB): number {
    const id = this.#nextId++
    const end = isSettled ? settled : failed
    this.events.push(offered(id, { ...paying(sat), at, outgoing: over }))
    this.events.push(end(id, { at: at + seconds * SECOND, outgoing: over }))
    return id
  }
}

function paying(sat: number): Partial<HtlcEvent> {
  return { incomingMsat: sat * (SAT + 1), outgoingMsat: sat * SAT }
}

/** Alice brings all of it, and has plenty to bring. */
const RICH = channel(ALICE, {
  capacityMsat: 50_000_000_000n,
  localMsat: 2_500_000_000n,
  remoteMsat: 47_498_000_000n,
})

/** Twelve moments in six days, with an amount of their own: no two are the same buyer's. */
function moments(): { at: number; sat: number }[] {
  return Array.from({ length: 12 }, (_, i) => ({
    at: START + 6 * HOUR + i * 12 * HOUR,
    sat: 300_000 + i * 17_000,
  }))
}

type Node = { channels: Channel[]; policies?: (memory: Memory) => void }

const NODE: Node = {
  channels: [RICH, drained(), channel(CAROL), channel(DAVE, { localMsat: 4_800_000_000n })],
}

/** Plays a week and returns what is said of Bob's channel at its end. */
function weekOf(
  script: Script,
  { channels, policies }: Node = NODE,
): Opportunity & { demands: readonly WindowDemand[] } {
  const memory = new Memory({ maxChannels: 100, retentionDays: 400 }, START)
  memory.streamUp(START)
  memory.updateChannels(channels, START)
  policies?.(memory)
  for (const each of script.events.toSorted((a, b) => a.at - b.at)) memory.record(each, each.at)
  memory.updateChannels(channels, NOON)
  const scope = scopeOf(memory, '7d', NOON, () => undefined)
  const result = runToEnd(estimate(memory, [{ name: '7d', from: scope.span.from }], NOON))
  const span = result.spans.get('7d')
  if (!span) throw new Error('no estimate')
  for (const one of channelCases(memory, span, scope)) {
    if (one.scid === BOB) return { ...opportunityOf(one), demands: one.demands }
  }
  throw new Error('Bob is not in the book')
}

/** The own experience of a node: to Carol, half of what we forward settles. */
function experience(script: Script): Script {
  for (let i = 0; i < 40; i++) {
    script.forward(200_000 + i * 5_000, START + HOUR + i * 4 * HOUR, 2, i % 2 === 0, CAROL)
  }
  return script
}

describe('a week of lack of balance', () => {
  it('is a rebalance, from the channel that lies idle, for what was asked and not its retries', () => {
    const script = experience(new Script())
    for (const { at, sat } of moments()) {
      for (const tries of [0, 5, 20]) script.refuse(sat, at + tries * SECOND)
    }
    const bob = weekOf(script)
    expect(bob.refusedAttempts).toBe(36)
    expect(bob.missed.liquidityDemands).toBe(12)
    expect(bob.recommendation).toMatchObject({
      type: 'rebalance_in',
      sources: [{ scid: DAVE }],
    })
    // 4,722 sat were offered by twelve buyers, of whom not all would have come through.
    expect(bob.missed.liquidity.expectedMsat).toBeGreaterThan(1_000_000n)
    expect(bob.missed.liquidity.expectedMsat).toBeLessThan(3_500_000n)
    expect(bob.avoid).toBe('lower_fee')
  })
})

describe('traps', () => {
  it('a parallel channel that served the payment: nothing was missed', () => {
    const script = experience(new Script())
    for (const { at, sat } of moments()) {
      script.refuse(sat, at)
      script.forward(sat, at + 3 * SECOND, 1, true, BOB_TOO)
    }
    const { peer } = drained()
    const bob = weekOf(script, { channels: [...NODE.channels, channel(BOB_TOO, { peer })] })
    expect(bob.missed.liquidity).toEqual({ expectedMsat: 0n, lowMsat: 0n, highMsat: 0n })
    expect(bob.recommendation).toEqual({ type: 'leave_alone', reason: 'served' })
  })

  it('probe, then pay: the probe was refused, the payment four seconds later was not', () => {
    const script = experience(new Script())
    for (const { at, sat } of moments()) {
      script.refuse(sat, at)
      script.forward(sat, at + 4 * SECOND, 1, true)
    }
    expect(weekOf(script).recommendation).toEqual({ type: 'leave_alone', reason: 'served' })
  })

  it('max_htlc set to the balance: what exceeds both is lack of balance, not a limit to raise', () => {
    const script = experience(new Script())
    for (const { at, sat } of moments()) script.refuse(sat, at, { failureDetail: 5 })
    const own = { ...POLICY, maxHtlcMsat: 30_000_000n }
    const bob = weekOf(script, {
      ...NODE,
      policies: (memory) => memory.updatePolicies([{ scid: BOB, own, peer: undefined }], START),
    })
    expect(bob.missed.other.expectedMsat).toBe(0n)
    expect(bob.missed.liquidity.expectedMsat).toBeGreaterThan(0n)
    expect(bob.recommendation.type).toBe('rebalance_in')
  })

  it('max_htlc below what the balance carries: that is a limit to raise', () => {
    const script = experience(new Script())
    for (const { at, sat } of moments()) script.refuse(sat, at, { failureDetail: 5 })
    const own = { ...POLICY, maxHtlcMsat: 250_000_000n }
    const bob = weekOf(script, {
      channels: [RICH, channel(BOB), channel(CAROL)],
      policies: (memory) => memory.updatePolicies([{ scid: BOB, own, peer: undefined }], START),
    })
    expect(bob.missed.liquidity.expectedMsat).toBe(0n)
    expect(bob.recommendation).toMatchObject({
      type: 'raise_max_htlc',
      fromMsat: 250_000_000n,
      toMsat: 487_000_000n,
    })
  })

  it('a fee just changed: payers have the old one for a while', () => {
    const script = experience(new Script())
    const changedAt = NOON - 90 * MINUTE
    for (let i = 0; i < 12; i++) {
      script.refuse(100_000 + i * 9_000, changedAt + (2 + 4 * i) * MINUTE, {
        wireFailure: 12,
        failureDetail: 1,
      })
    }
    const raised = { ...POLICY, feeRatePpm: 700, updatedAt: changedAt }
    const bob = weekOf(script, {
      ...NODE,
      policies: (memory) => {
        memory.updatePolicies([{ scid: BOB, own: POLICY, peer: undefined }], START)
        memory.updatePolicies([{ scid: BOB, own: raised, peer: undefined }], changedAt)
      },
    })
    expect(bob.missed.other.expectedMsat).toBe(0n)
    expect(bob.recommendation).toEqual({
      type: 'wait',
      reason: 'fee-just-changed',
      until: changedAt + DAY,
    })
    expect(bob.avoid).toBe('lower_fee')
  })

  it('a peer offline: its loss is another one, and no balance mends it', () => {
    const script = experience(new Script())
    const offline = { wireFailure: 18, failureDetail: 1 }
    for (const { at, sat } of moments()) script.refuse(sat, at, offline)
    const away = drained({ active: false })
    const bob = weekOf(script, { channels: [RICH, away, channel(CAROL)] })
    expect(bob.missed.liquidity.expectedMsat).toBe(0n)
    expect(bob.recommendation).toMatchObject({ type: 'mend_peer', isOnline: false, demands: 12 })
    expect(bob.avoid).toBe('rebalance_in')
  })

  it("a rebalancer's timer: one demand, however often it tries", () => {
    const script = experience(new Script())
    for (let i = 0; i < 40; i++) script.refuse(1_000_000, START + DAY + i * 30 * MINUTE)
    for (const { at, sat } of moments().slice(0, 6)) script.refuse(sat, at)
    const bob = weekOf(script)
    expect(bob.missed.liquidityDemands).toBe(7)
    const timer = bob.demands.find(({ demand }) => demand.kind === 'timer')
    expect(timer?.demand).toMatchObject({ attempts: 40, feeMsat: 1_000_000 })
    expect(timer?.expectedMsat).toBeLessThan(1_500_000)
  })

  it('a held part: what hung and failed because its twin was refused was missed too', () => {
    const script = experience(new Script())
    for (const { at, sat } of moments()) {
      script.forward(sat, at, 40, false)
      script.refuse(sat, at + 100)
    }
    const bob = weekOf(script)
    expect(bob.missed.liquidityDemands).toBe(12)
    for (const [i, { sat }] of moments().entries()) {
      expect(bob.demands[i]?.demand.wantedMsat).toBe(2 * sat * SAT)
    }
    // Nor does it speak against what lies beyond Bob.
    expect(bob.recommendation.type).toBe('rebalance_in')
  })

  it('a replayed add: LND tells of an HTLC again that was forwarded and settled', () => {
    const script = experience(new Script())
    for (const { at, sat } of moments()) {
      const id = script.forward(sat, at, 1, true)
      const again = { ...paying(sat), at: at + MINUTE }
      script.events.push(offered(id, again), refused(id, again))
    }
    const bob = weekOf(script)
    expect(bob.refusedAttempts).toBe(0)
    expect(bob.demands).toEqual([])
    expect(bob.recommendation).toEqual({ type: 'leave_alone', reason: 'no-refusals' })
  })

  it('a foreign id: a stranger names a channel that is none of ours', () => {
    const script = experience(new Script())
    for (const { at, sat } of moments()) {
      script.refuse(sat, at, { outgoing: '666666x666x6', wireFailure: 18, failureDetail: 1 })
    }
    expect(weekOf(script).recommendation).toEqual({ type: 'leave_alone', reason: 'no-refusals' })
  })

  it('a payment to itself and a restart of LND: no money in them', () => {
    const script = experience(new Script())
    for (const { at, sat } of moments()) script.refuse(sat, at, { failureDetail: 22 })
    for (const { at, sat } of moments()) script.refuse(sat, at + HOUR, { failureDetail: 7 })
    const bob = weekOf(script)
    expect(bob.refusedAttempts).toBe(24)
    expect(bob.recommendation.type).toBe('too_little_data')
  })

  it('an HTLC that was offered and then not taken: free slots, or mend the peer, no balance', () => {
    const script = experience(new Script())
    const full = event({ kind: 'linkFail', wireFailure: 15, failureDetail: 8 })
    for (const [i, { at, sat }] of moments().entries()) {
      const id = 900 + i
      script.events.push(offered(id, { ...paying(sat), at }))
      script.events.push({ ...full, at: at + MINUTE, incomingHtlcId: id })
    }
    const bob = weekOf(script)
    expect(bob.missed.liquidity.expectedMsat).toBe(0n)
    expect(bob.missed.otherDemands).toBe(12)
    expect(bob.recommendation).toMatchObject({ type: 'mend_peer', isOnline: true, demands: 12 })
  })
})
