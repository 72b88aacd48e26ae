import type {
  AnalyzerViews,
  DemandQuestion,
  DemandView,
  Explanation,
  MissedByPeer,
  Opportunities,
  TrackRecord,
} from '../../src/analyzer/answers.ts'
import type {
  ChannelMissed,
  Confidence,
  Missed,
  Opportunity,
  RankChange,
  Recommendation,
  RecommendationType,
  Urgency,
} from '../../src/analyzer/views.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import type { DoneOutcome } from '../../src/stats/forecasts.ts'
import type { Span, Window } from '../../src/stats/views.ts'
import type { FakeChannel } from './fake-memory.ts'

const HOUR = 3_600_000

/** An estimate in sat: expected, and the bounds of its interval. */
export function missed(expected: number, low: number, high: number): Missed {
  const msat = (sat: number) => BigInt(Math.round(sat * 1000))
  return { expectedMsat: msat(expected), lowMsat: msat(low), highMsat: msat(high) }
}

const NOTHING = missed(0, 0, 0)

/** One recommendation of each kind, as they may come for the awkward channels. */
export const RECOMMENDATIONS: readonly Recommendation[] = [
  {
    type: 'rebalance_in',
    amountMsat: 1_000_000_000n,
    maxPpm: 180,
    gain: missed(380, 140, 812),
    mostMsat: 850_000n,
    usedUpInMs: 76 * HOUR,
    curve: [
      { amountMsat: 250_000_000n, gain: missed(121, 40, 260) },
      { amountMsat: 500_000_000n, gain: missed(214, 80, 450) },
      { amountMsat: 1_000_000_000n, gain: missed(380, 140, 812) },
      { amountMsat: 2_000_000_000n, gain: missed(402, 150, 850) },
    ],
    sources: [
      {
        scid: '745210x88x0',
        alias: 'LNBIG.com [lnd-12/old-lnd-07]',
        spendableMsat: 4_940_000_000n,
      },
      { scid: '812345x1203x1', alias: '', spendableMsat: 2_300_000_000n },
    ],
    pastCostPpm: 95,
  },
  { type: 'wait', reason: 'fee-just-changed', until: Date.parse('2026-11-21T14:30:00Z') },
  { type: 'mend_peer', gain: missed(77, 12, 150), demands: 6, isOnline: false },
  { type: 'mend_peer', gain: missed(9, 0, 31), demands: 3, isOnline: true },
  { type: 'raise_fee', fromPpm: 210, toPpm: 280, gain: missed(60, 10, 130), demandsPerWeek: 11.4 },
  { type: 'too_little_data', coveredMs: 26 * HOUR, demands: 2 },
  {
    type: 'raise_max_htlc',
    fromMsat: 990_000_000n,
    toMsat: 4_000_000_000n,
    gain: missed(31, 2, 88),
  },
  {
    type: 'add_capacity',
    addMsat: 5_000_000_000n,
    holdableMsat: 4_950_000_000n,
    largestMsat: 8_200_000_000n,
    demands: 6,
    gain: missed(210, 20, 900),
  },
  { type: 'lower_fee', fromPpm: 900, toPpm: 600, localSharePct: 92, idleMs: 9 * 24 * HOUR },
  { type: 'leave_alone', reason: 'closed' },
  { type: 'free_slots', gain: missed(14, 0, 44), demands: 4, pending: 470, slots: 483 },
  { type: 'leave_alone', reason: 'one-whale' },
]

const AVOID: readonly (RecommendationType | undefined)[] = [
  'lower_fee',
  'lower_fee',
  'rebalance_in',
  'rebalance_in',
  'lower_fee',
  undefined,
  'rebalance_in',
  'rebalance_in',
  undefined,
  undefined,
  'rebalance_in',
  'rebalance_in',
]

const CONFIDENCE: readonly Confidence[] = [
  { level: 'medium', reasons: [{ kind: 'demands', demands: 9, days: 3 }] },
  {
    level: 'low',
    reasons: [
      { kind: 'demands', demands: 6, days: 2 },
      { kind: 'one-demand', sharePct: 80 },
      { kind: 'large-amounts', sharePct: 64, lowMsat: 52_000n, highMsat: 294_000n },
    ],
  },
  { level: 'high', reasons: [{ kind: 'demands', demands: 41, days: 7 }] },
  {
    level: 'low',
    reasons: [
      { kind: 'far-above-earned', timesEarned: 12 },
      { kind: 'folded', demands: 1_204 },
    ],
  },
]

const TOO_LITTLE: Confidence = {
  level: 'too-little-data',
  reasons: [{ kind: 'short-coverage', coveredMs: 26 * HOUR }],
}

const URGENCY: Urgency = { total: 72, gain: 31, confidence: 12, recurrence: 15, soon: 8, ease: 6 }

/** An analyzer that answers from a list of channels; its fields may be changed while a test runs. */
export class FakeAnalyzer implements AnalyzerViews {
  channels: readonly FakeChannel[]
  /** When the analysis was made; undefined while there is none. */
  at: number | undefined
  now: number
  record: TrackRecord = {
    given: 0,
    running: 0,
    n: 0,
    medianRatio: undefined,
    insideShare: undefined,
    results: [],
  }
  /** Whether the node as a whole has too little data. */
  isTooLittle = false
  demandCount = 9
  /** Whether the node has a best step. */
  hasBest = true
  readonly ignored = new Set<number>()
  readonly shown = new Set<Scid>()
  readonly noted = new Set<Scid>()

  async refresh(): Promise<void> {}

  constructor(channels: readonly FakeChannel[], now: number, at: number | undefined = now) {
    this.channels = channels
    this.now = now
    this.at = at
  }

  opportunities(window: Window): Opportunities | undefined {
    if (this.at === undefined) return undefined
    const rows = this.channels.map((channel, i) => this.#opportunity(channel, i, window))
    const best = rows.find(({ recommendation }) => recommendation.type === 'rebalance_in')
    return {
      at: this.at,
      span: this.#span(),
      rows,
      node: {
        refusedAttempts: rows.reduce((sum, { refusedAttempts }) => sum + refusedAttempts, 0),
        demands: 45,
        upToMsat: 1_240_000n,
        confidence: this.isTooLittle ? TOO_LITTLE : at(CONFIDENCE, 2),
        best: this.hasBest ? best : undefined,
      },
    }
  }

  missedByPeer(window: Window): MissedByPeer | undefined {
    const found = this.opportunities(window)
    if (found === undefined) return undefined
    const refusing = found.rows.filter(({ missed }) => missed.liquidityDemands > 0)
    const shown = refusing.filter(({ confidence }) => confidence.level !== 'too-little-data')
    const rows = shown.map(({ scid, alias, missed }) => ({
      pubkey: `02${scid}`,
      alias,
      scid,
      channels: 1,
      demands: missed.liquidityDemands,
      missed: missed.liquidity,
    }))
    const { at, span, node } = found
    return { at, span, confidence: node.confidence, rows, hidden: refusing.length - rows.length }
  }

  demands({ scid, offset, limit }: DemandQuestion) {
    if (this.at === undefined) return undefined
    const all = this.#demands(scid)
    return {
      at: this.at,
      span: this.#span(),
      total: all.length,
      rows: all.slice(offset, offset + limit),
    }
  }

  newestDemands(_window: Window, most: number) {
    if (this.at === undefined) return undefined
    const all = this.channels.flatMap(({ scid, alias }) =>
      this.#demands(scid).map((one) => ({ ...one, scid, alias })),
    )
    const rows = all.sort((a, b) => b.at - a.at).slice(0, most)
    return { total: all.length, rows }
  }

  demand(scid: Scid, _window: Window, id: number): DemandView | undefined {
    return this.#demands(scid).find((one) => one.id === id)
  }

  rankChange(scid: Scid): RankChange | undefined {
    const rank = this.channels.findIndex((one) => one.scid === scid) + 1
    return rank === 1
      ? { kind: 'moved', from: 3, to: 1, by: 'gain', points: 12 }
      : { kind: 'same', rank }
  }

  explain(scid: Scid | undefined, _window: Window): Explanation | undefined {
    if (this.at === undefined) return undefined
    const refused = this.channels
      .filter((one) => scid === undefined || one.scid === scid)
      .flatMap((one) => one.refused)
      .filter(({ failure }) => failure === 'INSUFFICIENT_BALANCE')
    const attempts = refused.reduce((sum, one) => sum + one.attempts, 0)
    return {
      at: this.at,
      span: this.#span(),
      attempts,
      offeredMsat: refused.reduce((sum, one) => sum + one.offeredMsat, 0n) * 30n,
      demands: 9,
      wantedMsat: 2_310_000_000n,
      demandFeesMsat: 1_020_400n,
      servedDemands: 2,
      afterServedMsat: 930_000n,
      meanChance: 0.52,
      timers: 1,
      foldedMsat: 0n,
      afterChanceMsat: 483_600n,
      afterInflowMsat: 420_100n,
      missed: missed(420, 150, 900),
      ignoredDemands: this.ignored.size,
      policyChangeDemands: 1,
      confidence: this.isTooLittle ? TOO_LITTLE : at(CONFIDENCE, 0),
    }
  }

  track(): TrackRecord {
    return this.record
  }

  async ignore(id: number, on: boolean): Promise<void> {
    if (on) this.ignored.add(id)
    else this.ignored.delete(id)
  }

  given(opportunities: readonly Opportunity[]): void {
    for (const { scid } of opportunities) this.shown.add(scid)
  }

  async done(scid: Scid): Promise<DoneOutcome> {
    const recommendation = RECOMMENDATIONS[this.channels.findIndex((one) => one.scid === scid)]
    if (recommendation?.type !== 'rebalance_in') return 'not-there'
    if (this.noted.has(scid)) return 'running'
    this.noted.add(scid)
    return 'begun'
  }

  #opportunity(channel: FakeChannel, i: number, window: Window): Opportunity {
    const recommendation = at(RECOMMENDATIONS, i)
    const refusedAttempts = channel.refused.reduce((sum, one) => sum + one.attempts, 0)
    const isTooLittle = this.isTooLittle || recommendation.type === 'too_little_data'
    return {
      scid: channel.scid,
      alias: channel.alias,
      pubkey: undefined,
      window,
      span: this.#span(),
      refusedAttempts,
      missed: refusedAttempts > 0 ? missedOf(channel, i) : missedOf({ ...channel, refused: [] }, i),
      confidence: isTooLittle ? TOO_LITTLE : at(CONFIDENCE, i),
      urgency: URGENCY,
      recommendation,
      advice: { window: '7d', span: this.#span() },
      avoid: AVOID[i % AVOID.length],
    }
  }

  #demands(scid: Scid): DemandView[] {
    const i = this.channels.findIndex((one) => one.scid === scid)
    const failure = this.channels[i]?.refused[0]?.failure
    if (failure === undefined) return []
    return Array.from({ length: this.demandCount }, (_, n) => this.#demand(n, failure))
  }

  #demand(n: number, failure: string): DemandView {
    const at = this.now - (n + 1) * 7 * HOUR
    const policyChange = n === 6 ? 'policy-change' : undefined
    return {
      id: 1_000 + n,
      at,
      lastAt: at + n * 41_000,
      from: n === 4 ? undefined : { scid: '790001x12x0', alias: '<b>bob & "sons"</b>' },
      failure: n === 3 ? 'HTLC_ADD_FAILED' : failure,
      isLiquidity: failure === 'INSUFFICIENT_BALANCE',
      kind: n === 1 ? 'timer' : n === 2 ? 'search' : 'payment',
      attempts: 1 + n * 17,
      wantedMsat: n === 3 ? 0n : 250_000_000n + BigInt(n) * 41_000_000n,
      feeMsat: n === 3 ? 0n : 52_500n + BigInt(n) * 9_000n,
      servedShare: n === 5 ? 1 : n === 2 ? 0.4 : 0,
      chance: 0.62 - n * 0.05,
      inflow: 0.91 - n * 0.03,
      expectedMsat: n === 3 || n === 5 ? 0n : 29_600n - BigInt(n) * 2_900n,
      leftOut: this.ignored.has(1_000 + n) ? 'ignored' : policyChange,
    }
  }

  #span(): Span {
    return { from: this.now - 168 * HOUR, to: this.now, coveredMs: 167 * HOUR }
  }
}

/** The first channels miss most; where nothing was refused nothing was missed. */
function missedOf({ refused }: FakeChannel, i: number): ChannelMissed {
  if (refused.length === 0) {
    return { liquidity: NOTHING, other: NOTHING, liquidityDemands: 0, otherDemands: 0 }
  }
  const isLiquidity = refused[0]?.failure === 'INSUFFICIENT_BALANCE'
  const figure = missed(420 / (i + 1) ** 2, 150 / (i + 1) ** 2, 900 / (i + 1) ** 2)
  const small = refused.length > 1 ? missed(31, 2, 88) : NOTHING
  return {
    liquidity: isLiquidity ? figure : NOTHING,
    other: isLiquidity ? small : figure,
    liquidityDemands: isLiquidity ? Math.max(1, 9 - i) : 0,
    otherDemands: isLiquidity ? (refused.length > 1 ? 3 : 0) : Math.max(1, 9 - i),
  }
}

function at<T>(list: readonly T[], i: number): T {
  const found = list[i % list.length]
  if (found === undefined) throw new RangeError('an empty list')
  return found
}
