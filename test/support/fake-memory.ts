import type { Channel, Policy } from '../../src/lightning/channel.ts'
import { failureFamily } from '../../src/lightning/failure.ts'
import type { SettledForward } from '../../src/lightning/htlc.ts'
import { parseScid, type Scid } from '../../src/lightning/scid.ts'
import type {
  ChannelStand,
  ChannelView,
  MemoryStatus,
  MemoryViews,
  RankedChannel,
  RankQuestion,
  Refused,
  SideView,
  Span,
  Window,
} from '../../src/stats/views.ts'

/** What the fake memory knows of one channel. */
export type FakeChannel = {
  scid: Scid
  alias: string
  refused: readonly Refused[]
  settled: number
  closed?: boolean
  unlisted?: boolean
  capacitySat?: bigint
  localSat?: bigint
}

const HOUR = 3_600_000
const LENGTHS: Readonly<Record<Window, number>> = {
  '1h': HOUR,
  '24h': 24 * HOUR,
  '7d': 168 * HOUR,
  '30d': 720 * HOUR,
}

function refused(failure: string, attempts: number, offeredSat: number): Refused {
  return {
    failure,
    attempts,
    offeredMsat: BigInt(Math.round(offeredSat * 1000)),
    volumeMsat: BigInt(attempts) * 250_000_000n,
  }
}

/** A dozen channels whose peers have the names that break careless programs. */
export const AWKWARD_CHANNELS: readonly FakeChannel[] = [
  {
    scid: '800123x45x1',
    alias: 'alice',
    refused: [
      refused('INSUFFICIENT_BALANCE', 212, 640.25),
      refused('HTLC_EXCEEDS_MAX', 14, 92),
      refused('HTLC_ADD_FAILED', 3, 0),
    ],
    settled: 120,
    localSat: 120_000n,
  },
  {
    scid: '790001x12x0',
    alias: '<b>bob & "sons"</b>',
    refused: [refused('FEE_INSUFFICIENT', 61, 3.012)],
    settled: 44,
  },
  {
    scid: '811222x3x1',
    alias: '🕊️ born to be free 🕊️',
    refused: [refused('UNKNOWN_NEXT_PEER', 40, 77)],
    settled: 0,
  },
  {
    scid: '699999x1x0',
    alias: '\u202eevil\u202c \u200bname',
    refused: [refused('LINK_NOT_ELIGIBLE', 9, 12)],
    settled: 3,
  },
  {
    scid: '812345x1203x1',
    alias: '',
    refused: [refused('INSUFFICIENT_BALANCE', 8, 40)],
    settled: 7,
  },
  {
    scid: '805000x77x2',
    alias: 'x'.repeat(300),
    refused: [refused('DETAIL_99', 5, 1)],
    settled: 1,
  },
  {
    scid: '805001x78x2',
    alias: 'مرحبا بالعالم',
    refused: [refused('AMOUNT_BELOW_MINIMUM', 4, 0.004)],
    settled: 2,
  },
  {
    scid: '805002x79x0',
    alias: 'z̷͕̈a̸͔͝l̴̰̈g̶̜̈o̴͙͝',
    refused: [refused('INCORRECT_CLTV_EXPIRY', 3, 2)],
    settled: 9,
  },
  {
    scid: '745210x88x0',
    alias: 'LNBIG.com [lnd-12/old-lnd-07]',
    refused: [],
    settled: 900,
    localSat: 4_990_000n,
  },
  {
    scid: '745211x88x0',
    alias: 'alice in chains',
    refused: [refused('TEMPORARY_CHANNEL_FAILURE', 2, 1)],
    settled: 0,
    closed: true,
  },
  {
    scid: '745212x88x0',
    alias: '\u0000\u200b\u2060',
    refused: [refused('CIRCULAR_ROUTE', 1, 0)],
    settled: 0,
    unlisted: true,
  },
  {
    scid: '16000000x0x1',
    alias: '日本のノード',
    refused: [refused('EXPIRY_TOO_SOON', 1, 5)],
    settled: 30,
  },
]

const NO_DROPS = { finals: 0, replays: 0, unmatched: 0, foreign: 0, unknown: 0 }

/** A memory that answers from a list of channels; its fields may be changed while a test runs. */
export class FakeMemory implements MemoryViews {
  channels: readonly FakeChannel[]
  listeningSince: number | undefined
  /** How long of a window was observed: a share of it. */
  covered = 0.97
  changes: Partial<MemoryStatus> = {}
  /** Thrown by the next question. */
  failure: Error | undefined

  constructor(channels: readonly FakeChannel[], listeningSince: number | undefined) {
    this.channels = channels
    this.listeningSince = listeningSince
  }

  rank(question: RankQuestion, now: number) {
    if (this.failure) throw this.failure
    const rows = this.channels
      .map((channel) => rankedOf(channel, question))
      .filter(
        (row) =>
          keyOf(row, question) > 0n || (question.order === 'missed' && row.refusedAttempts > 0),
      )
      .sort((a, b) => Number(keyOf(b, question) - keyOf(a, question)))
    const { offset, limit } = question
    const span = this.#span(question.window, now)
    return { question, span, total: rows.length, rows: rows.slice(offset, offset + limit) }
  }

  channel(scid: Scid, window: Window, now: number): ChannelView | undefined {
    const found = this.channels.find((one) => one.scid === scid)
    if (found === undefined) return undefined
    const channel = found.unlisted ? undefined : listed(found)
    const failure = found.refused[0]?.failure
    return {
      scid,
      alias: found.alias,
      pubkey: channel?.peer.pubkey,
      channel,
      policies: channel && {
        scid,
        own: POLICY,
        peer: { ...POLICY, feeRatePpm: 999, inboundFeeRatePpm: 0 },
      },
      closedAt: found.closed ? now - 72 * HOUR : undefined,
      span: this.#span(window, now),
      outgoing: side(found.settled, found.refused),
      incoming: side(Math.floor(found.settled / 2), found.refused.slice(0, 1)),
      recent: failure
        ? [
            {
              at: now - 4 * 60_000,
              incoming: '790001x12x0',
              outgoing: scid,
              failure,
              outgoingMsat: 250_000_000n,
              offeredMsat: 12_400n,
            },
            {
              at: now - 30 * HOUR,
              incoming: undefined,
              outgoing: scid,
              failure: 'HTLC_ADD_FAILED',
              outgoingMsat: 0n,
              offeredMsat: 0n,
            },
          ]
        : [],
    }
  }

  node(window: Window, now: number) {
    const settled = this.channels.reduce((sum, one) => sum + one.settled, 0)
    const own = { sent: 3, sendFailed: 1, received: 2, receiveRefused: 5 }
    const all = new Map<string, Refused>()
    for (const one of this.channels.flatMap((channel) => channel.refused)) {
      const sum = all.get(one.failure) ?? refused(one.failure, 0, 0)
      all.set(one.failure, {
        ...one,
        attempts: sum.attempts + one.attempts,
        offeredMsat: sum.offeredMsat + one.offeredMsat,
      })
    }
    return {
      span: this.#span(window, now),
      forwards: side(settled, [...all.values()]),
      own,
      dropped: NO_DROPS,
    }
  }

  status(now: number): MemoryStatus {
    return {
      listeningSince: this.listeningSince,
      streamUp: true,
      lastEventAt: this.listeningSince === undefined ? undefined : now - 12_000,
      openChannels: this.channels.filter((one) => !one.closed).length,
      closedChannels: this.channels.filter((one) => one.closed).length,
      maxChannels: 10_000,
      inFlight: 2,
      events: 48_213,
      dropped: NO_DROPS,
      evictedChannels: 0,
      cleanedChannels: 0,
      lostHtlcs: 0,
      shedEvents: 0,
      demandsClosedEarly: 0,
      foldedDemands: 0,
      droppedDayTotals: 0,
      gaps: [],
      unknowns: [],
      ...this.changes,
    }
  }

  find(text: string) {
    const scid = parseScid(text)
    const wanted = text.toLowerCase()
    return this.channels
      .filter((one) =>
        scid
          ? one.scid === scid
          : one.alias.toLowerCase().includes(wanted) || pointOf(one) === wanted,
      )
      .map((one) => ({
        scid: one.scid,
        alias: one.alias,
        capacityMsat: one.unlisted ? undefined : 5_000_000_000n,
        closed: one.closed ?? false,
      }))
  }

  #span(window: Window, now: number): Span {
    const from = now - LENGTHS[window]
    const observed = Math.min(LENGTHS[window], now - (this.listeningSince ?? now))
    return { from, to: now, coveredMs: Math.round(observed * this.covered) }
  }
}

const POLICY: Policy = {
  baseFeeMsat: 1_000n,
  feeRatePpm: 210,
  inboundBaseFeeMsat: 0n,
  inboundFeeRatePpm: -50,
  minHtlcMsat: 1_000n,
  maxHtlcMsat: 4_950_000_000n,
  timeLockDelta: 80,
  disabled: false,
  updatedAt: 0,
}

/** The channel point of a fake channel. */
export function pointOf({ scid }: FakeChannel): string {
  return `${scid.replaceAll('x', '').padEnd(64, 'a')}:1`
}

/** The open channels as they stand. */
export function standsOf(memory: FakeMemory, now: number): readonly ChannelStand[] {
  return memory.channels.flatMap(({ scid, closed }) => {
    const view = memory.channel(scid, '7d', now)
    if (view?.channel === undefined || closed) return []
    return [{ scid, alias: view.alias, channel: view.channel, policies: view.policies }]
  })
}

/** What LND's history would list: forwards among the channels that have any, an hour apart. */
export function settledOf(
  channels: readonly FakeChannel[],
  now: number,
): readonly SettledForward[] {
  return channels.flatMap(({ scid, settled }, i) =>
    Array.from({ length: settled }, (_, n) => {
      const outgoingMsat = BigInt(1 + ((n * 37 + i * 11) % 90)) * 10_000_500n
      return {
        // Never near the edge of a window: a test takes some seconds.
        at: now - (n + 0.5) * HOUR + i * 60_000,
        incoming: channels[(i + 1 + (n % 3)) % channels.length]?.scid ?? scid,
        outgoing: scid,
        incomingMsat: outgoingMsat + (outgoingMsat * BigInt(50 + 40 * i)) / 1_000_000n,
        outgoingMsat,
        incomingHtlcId: n,
      }
    }),
  )
}

function listed(fake: FakeChannel): Channel {
  const capacityMsat = (fake.capacitySat ?? 5_000_000n) * 1000n
  const localMsat = (fake.localSat ?? 2_400_000n) * 1000n
  return {
    scid: fake.scid,
    aliases: [],
    channelPoint: pointOf(fake),
    peer: { pubkey: `02${fake.scid.replaceAll('x', '').padEnd(64, 'b')}`, alias: fake.alias },
    active: !fake.closed,
    private: false,
    initiator: false,
    capacityMsat,
    localMsat,
    remoteMsat: capacityMsat - localMsat - 3_000_000n,
    unsettledMsat: 3_000_000n,
    localReserveMsat: 50_000_000n,
    remoteReserveMsat: 50_000_000n,
    commitFeeMsat: 0n,
    commitWeight: 0,
    feePerKw: 0,
    maxPendingMsat: 4_950_000_000n,
    maxPendingHtlcs: 483,
    pendingHtlcs: [
      {
        incoming: false,
        amountMsat: 3_000_000n,
        htlcId: 7,
        forwarding: undefined,
        expiryHeight: 900_000,
      },
    ],
  }
}

function side(settled: number, refusals: readonly Refused[]): SideView {
  return {
    settled,
    failedDownstream: settled > 0 ? Math.floor(settled / 3) + 1 : 0,
    pending: settled > 100 ? 1 : 0,
    volumeMsat: BigInt(settled) * 151_000_000n,
    earnedMsat: BigInt(settled) * 31_417n,
    medianSettleMs: settled > 0 ? 2_000 : undefined,
    refused: refusals,
  }
}

function rankedOf(channel: FakeChannel, { family }: RankQuestion): RankedChannel {
  const counted = channel.refused.filter(
    ({ failure }) => !family || failureFamily(failure) === family,
  )
  const { volumeMsat, earnedMsat, failedDownstream } = side(channel.settled, [])
  return {
    scid: channel.scid,
    alias: channel.alias,
    closed: channel.closed ?? false,
    refusedAttempts: counted.reduce((sum, one) => sum + one.attempts, 0),
    offeredMsat: counted.reduce((sum, one) => sum + one.offeredMsat, 0n),
    mainFailure: counted[0]?.failure,
    settled: channel.settled,
    failedDownstream,
    volumeMsat,
    earnedMsat,
    capacityMsat: 5_000_000_000n,
    localMsat: 2_400_000_000n,
  }
}

function keyOf(row: RankedChannel, { order }: RankQuestion): bigint {
  if (order === 'missed') return row.offeredMsat
  if (order === 'failures') return BigInt(row.refusedAttempts)
  return order === 'earned' ? row.earnedMsat : row.volumeMsat
}
