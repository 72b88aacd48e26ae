import { describe, expect, it } from 'vitest'
import { rankChannels } from '../../src/analyzer/ranking.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import { chanIdFromScid } from '../../src/lightning/scid.ts'
import { findChannels } from '../../src/stats/find-channels.ts'
import { Memory } from '../../src/stats/memory.ts'
import { channelView, memoryStatus, nodeView } from '../../src/stats/memory-views.ts'
import {
  ALICE,
  BOB,
  CAROL,
  channel,
  DAY,
  event,
  failed,
  final,
  HOUR,
  MINUTE,
  NOON,
  offered,
  pending,
  refused,
  settled,
} from '../support/events.ts'

const LIMITS = { maxChannels: 100, retentionDays: 400 }

function remembering(...events: readonly HtlcEvent[]): Memory {
  const memory = new Memory(LIMITS, NOON)
  memory.streamUp(NOON)
  for (const each of events) memory.record(each, Math.max(NOON, each.at))
  return memory
}

function node(memory: Memory) {
  return nodeView(memory, '24h', NOON + MINUTE)
}

describe('joining the events of an HTLC', () => {
  it('earns the difference of the amounts when a forward settles', () => {
    const { forwards } = node(remembering(offered(7), settled(7, { at: NOON + 800 })))
    expect(forwards).toMatchObject({
      settled: 1,
      failedDownstream: 0,
      pending: 0,
      volumeMsat: 100_000_000n,
      earnedMsat: 100_000n,
      medianSettleMs: 1000,
    })
  })

  it('counts a forward on the outgoing side of one channel and the incoming side of the other', () => {
    const memory = remembering(offered(7), settled(7))
    const bob = channelView(memory, BOB, '1h', NOON)
    const alice = channelView(memory, ALICE, '1h', NOON)
    expect([bob?.outgoing.settled, bob?.incoming.settled]).toEqual([1, 0])
    expect([alice?.outgoing.settled, alice?.incoming.settled]).toEqual([0, 1])
  })

  it('counts a failure downstream, which earns nothing', () => {
    const { forwards } = node(remembering(offered(7), failed(7)))
    expect(forwards).toMatchObject({ settled: 0, failedDownstream: 1, earnedMsat: 0n })
  })

  it('treats HTLC id 0 as a real id', () => {
    expect(node(remembering(offered(0), settled(0))).forwards.settled).toBe(1)
  })

  it('lets a replayed forward overwrite itself rather than count twice', () => {
    const again = offered(7, { outgoingHtlcId: 99 })
    expect(node(remembering(offered(7), again, settled(7))).forwards.settled).toBe(1)
  })

  it('drops a repeated settle', () => {
    const { forwards, dropped } = node(remembering(offered(7), settled(7), settled(7)))
    expect([forwards.settled, dropped.replays]).toEqual([1, 1])
  })

  it('counts a settle whose forward was never seen as unmatched', () => {
    const { forwards, dropped } = node(remembering(settled(7)))
    expect([forwards.settled, dropped.unmatched]).toEqual([0, 1])
  })

  it('lets a final event decide an HTLC whose settle never came, and no other', () => {
    const { forwards, dropped } = node(
      remembering(offered(7), final(7, { settled: true }), offered(8), settled(8), final(8)),
    )
    expect([forwards.settled, dropped.finals]).toEqual([2, 1])
  })

  it('keeps own payments and receipts apart from forwards', () => {
    const send = { role: 'send', incoming: undefined, incomingHtlcId: 0 } as const
    const receive = { role: 'receive', outgoing: undefined, outgoingHtlcId: 0 } as const
    const { forwards, own } = node(
      remembering(
        offered(1, send),
        settled(1, send),
        offered(2, send),
        failed(2, send),
        refused(0, send),
        settled(3, receive),
        refused(4, { ...receive, wireFailure: 1, failureDetail: 19 }),
      ),
    )
    expect(own).toEqual({ sent: 1, sendFailed: 2, received: 1, receiveRefused: 1 })
    expect([forwards.settled, forwards.refused]).toEqual([0, []])
  })

  it('takes a reused outgoing id of our own payment for a new one', () => {
    const send = { role: 'send', incoming: undefined, incomingHtlcId: 0 } as const
    const { own } = node(
      remembering(offered(1, send), settled(1, send), offered(1, send), settled(1, send)),
    )
    expect(own.sent).toBe(2)
  })
})

describe('refusals', () => {
  it('count on the channel asked for, with the fee offered', () => {
    const memory = remembering(refused(7), refused(8))
    expect(channelView(memory, BOB, '1h', NOON)?.outgoing.refused).toEqual([
      {
        failure: 'INSUFFICIENT_BALANCE',
        attempts: 2,
        offeredMsat: 200_000n,
        volumeMsat: 200_000_000n,
      },
    ])
  })

  it('take their amounts from the forward that came before, which then is no forward', () => {
    const hung = refused(7, {
      incomingMsat: 0,
      outgoingMsat: 0,
      failureDetail: 8,
      at: NOON + MINUTE,
    })
    const { forwards } = node(remembering(offered(7), hung))
    expect([forwards.settled, forwards.failedDownstream, forwards.pending]).toEqual([0, 0, 0])
    expect(forwards.refused).toEqual([
      { failure: 'HTLC_ADD_FAILED', attempts: 1, offeredMsat: 100_000n, volumeMsat: 100_000_000n },
    ])
  })

  it('are named by the wire code where LND gives no detail', () => {
    const memory = remembering(refused(7, { wireFailure: 12, failureDetail: 1 }))
    expect(node(memory).forwards.refused[0]?.failure).toBe('FEE_INSUFFICIENT')
  })

  it('count once when LND, killed in between, refuses the same HTLC twice', () => {
    const { forwards, dropped } = node(remembering(refused(7), refused(7, { failureDetail: 7 })))
    expect([forwards.refused.length, dropped.replays]).toEqual([1, 1])
  })

  it('for an id that a stranger made up are foreign and make no channel', () => {
    const garbage = refused(7, { outgoing: '666666x666x6', wireFailure: 18, failureDetail: 1 })
    const memory = remembering(garbage)
    expect(node(memory).dropped.foreign).toBe(1)
    expect(findChannels(memory, '666666x666x6')).toEqual([])
  })

  it('by which only a link of ours can refuse make a channel of it', () => {
    expect(channelView(remembering(refused(7)), BOB, '1h', NOON)?.channel).toBeUndefined()
  })

  it('of a mailbox that old LND calls a RECEIVE belong to the channel of the forward', () => {
    const old = refused(7, {
      role: 'receive',
      outgoing: undefined,
      incomingMsat: 0,
      outgoingMsat: 0,
      failureDetail: 8,
    })
    expect(node(remembering(offered(7), old)).forwards.refused[0]?.failure).toBe('HTLC_ADD_FAILED')
    expect(node(remembering(old)).dropped.foreign).toBe(1)
  })

  it('of an unknown class keep their number and are counted as unknown', () => {
    const memory = remembering(refused(7, { failureDetail: 99 }))
    expect(node(memory).forwards.refused[0]?.failure).toBe('DETAIL_99')
    expect(memoryStatus(memory, NOON).unknowns).toEqual([{ name: 'wire 15, detail 99', count: 1 }])
  })
})

describe('unknown events', () => {
  it('are counted and change nothing else', () => {
    const memory = remembering(event({ kind: 'unknown' }), event({ role: 'unknown' }))
    expect(node(memory).dropped.unknown).toBe(2)
    expect(node(memory).forwards.settled).toBe(0)
  })
})

describe('channels with several ids', () => {
  it('map an alias and the confirmed id of a zero-conf channel to one channel', () => {
    const alias = '16000000x0x6' as const
    const memory = new Memory(LIMITS, NOON)
    memory.updateChannels([channel(alias, { aliases: [CAROL] })], NOON)
    memory.record(refused(1, { outgoing: CAROL, wireFailure: 18, failureDetail: 1 }), NOON)
    expect(channelView(memory, CAROL, '1h', NOON)).toMatchObject({ scid: alias })
    expect(nodeView(memory, '1h', NOON).dropped.foreign).toBe(0)
  })

  it('are found by any notation, channel point, or part of an alias', () => {
    const memory = new Memory(LIMITS, NOON)
    memory.updateChannels([channel(ALICE), channel(BOB)], NOON)
    const [alice] = [...memory.book]
    const point = alice?.channel?.channelPoint ?? ''
    for (const text of ['800123x45x1', '800123:45:1', String(chanIdFromScid(ALICE)), point]) {
      expect(
        findChannels(memory, text).map(({ scid }) => scid),
        text,
      ).toEqual([ALICE])
    }
    expect(findChannels(memory, 'PEER OF')).toHaveLength(2)
    expect(findChannels(memory, 'nobody')).toEqual([])
  })
})

describe('HTLCs in flight', () => {
  it('that a listing shows are seeded and settle later', () => {
    const memory = remembering()
    const leg = pending({ htlcId: 5, forwarding: { scid: BOB, htlcId: 9 } })
    const other = pending({ incoming: false, htlcId: 9, amountMsat: 100_000_000n })
    memory.updateChannels(
      [channel(ALICE, { pendingHtlcs: [leg] }), channel(BOB, { pendingHtlcs: [other] })],
      NOON,
    )
    memory.record(settled(5, { outgoingHtlcId: 9 }), NOON)
    expect(node(memory).forwards).toMatchObject({ settled: 1, earnedMsat: 100_000n })
  })

  it('that two listings no longer hold are given up', () => {
    const memory = remembering(offered(7))
    for (let i = 0; i < 2; i++) memory.updateChannels([channel(ALICE), channel(BOB)], NOON)
    expect(memoryStatus(memory, NOON)).toMatchObject({ inFlight: 0, lostHtlcs: 1 })
  })

  it('of a channel that goes on chain wait for the final event', () => {
    const memory = remembering(offered(7))
    for (let i = 0; i < 3; i++) memory.updateChannels([channel(BOB)], NOON)
    memory.record(final(7, { settled: true }), NOON)
    expect(node(memory).forwards.settled).toBe(1)
  })
})

describe('windows', () => {
  it('leave out what is older than they reach, and say since when they count', () => {
    const memory = remembering(refused(1), refused(2, { at: NOON + 3 * HOUR }))
    const now = NOON + 3 * HOUR + MINUTE
    settleDue(memory, now)
    const attempts = (window: '1h' | '24h') =>
      nodeView(memory, window, now).forwards.refused[0]?.attempts
    expect([attempts('1h'), attempts('24h')]).toEqual([1, 2])
    expect(nodeView(memory, '1h', now).span).toEqual({
      from: NOON + 2 * HOUR,
      to: now,
      coveredMs: HOUR + MINUTE,
    })
  })

  it('empty as time passes without events', () => {
    const memory = remembering(offered(7), settled(7))
    for (let hour = 1; hour <= 31 * 24; hour++) settleDue(memory, NOON + hour * HOUR)
    const now = NOON + 31 * DAY
    for (const window of ['1h', '24h', '7d', '30d'] as const) {
      expect(nodeView(memory, window, now).forwards.settled, window).toBe(0)
    }
  })
})

describe('gaps', () => {
  const known = {
    incoming: ALICE,
    outgoing: BOB,
    incomingMsat: 100_100_000n,
    outgoingMsat: 100_000_000n,
  }

  it('are filled from the history without counting twice what the stream told', () => {
    const memory = remembering(offered(7), settled(7, { at: NOON + 1000 }))
    memory.coverage.seen(NOON + MINUTE)
    memory.streamDown(NOON + MINUTE)
    memory.streamUp(NOON + 5 * MINUTE)
    const gap = memory.coverage.gaps.at(-1)
    if (!gap) throw new Error('no gap')
    const forwards = [
      { ...known, at: NOON + 999, incomingHtlcId: 7 },
      { ...known, at: NOON + 2 * MINUTE, incomingHtlcId: 8 },
    ]
    expect(memory.fillIn(gap, forwards)).toBe(1)
    expect(memory.fillIn(gap, forwards)).toBe(0)
    memory.finishGap(gap)
    expect(node(memory).forwards.settled).toBe(2)
    expect(memory.coverage.gaps).toHaveLength(1)
  })

  it('of LND before 0.20, without HTLC ids, leave an HTLC in flight alone that only looks alike', () => {
    const memory = remembering(offered(7))
    const [gap] = memory.coverage.gaps
    if (!gap) throw new Error('no gap')
    memory.fillIn(gap, [{ ...known, at: NOON - 10 * DAY, incomingHtlcId: undefined }])
    memory.record(settled(7), NOON)
    expect(nodeView(memory, '30d', NOON).forwards.settled).toBe(2)
  })

  it('before the first start reach back 30 days', () => {
    const memory = remembering()
    const [gap] = memory.coverage.gaps
    if (!gap) throw new Error('no gap')
    memory.fillIn(gap, [{ ...known, at: NOON - 20 * DAY, incomingHtlcId: 1 }])
    expect(nodeView(memory, '30d', NOON).forwards.settled).toBe(1)
    expect(nodeView(memory, '7d', NOON).forwards.settled).toBe(0)
  })

  it('are not counted again when the settle comes over the stream after all', () => {
    const memory = remembering(offered(7))
    memory.streamDown(NOON + MINUTE)
    memory.streamUp(NOON + 2 * MINUTE)
    const gap = memory.coverage.gaps.at(-1)
    if (!gap) throw new Error('no gap')
    memory.fillIn(gap, [{ ...known, at: NOON + 90_000, incomingHtlcId: 7 }])
    memory.record(settled(7, { at: NOON + 3 * MINUTE }), NOON + 3 * MINUTE)
    expect(node(memory).forwards.settled).toBe(1)
  })
})

describe('a machine that slept', () => {
  it('was blind for that time, which is a gap to fill', () => {
    const memory = remembering()
    memory.heartbeat(NOON + MINUTE)
    memory.record(offered(7, { at: NOON + 3 * HOUR }), NOON + 3 * HOUR)
    expect(memory.coverage.coveredMs(NOON, NOON + 3 * HOUR)).toBe(MINUTE)
    expect(memory.coverage.gaps.at(-1)).toMatchObject({ from: NOON + MINUTE, to: NOON + 3 * HOUR })
  })

  it('counts no time twice when its clock is set back', () => {
    const memory = remembering()
    memory.streamDown(NOON + 2 * HOUR)
    memory.streamUp(NOON + HOUR)
    expect(memory.coverage.coveredMs(NOON, NOON + 90 * MINUTE)).toBe(90 * MINUTE)
  })
})

describe('strangers', () => {
  it('who ask for more than they bring, or exists, make no figure negative or unreadable', () => {
    const greedy = { incomingMsat: 1_000, outgoingMsat: 2 ** 60, wireFailure: 12, failureDetail: 1 }
    const [refusal] = node(remembering(refused(7, greedy), refused(8, greedy))).forwards.refused
    expect(refusal).toMatchObject({ attempts: 2, offeredMsat: 0n, volumeMsat: 2n ** 61n })
  })
})

describe('a channel that was evicted and came back', () => {
  it('begins anew, and keeps what it counts since when old buckets leave a window', () => {
    const memory = new Memory({ maxChannels: 2, retentionDays: 400 }, NOON)
    memory.streamUp(NOON)
    memory.record(refused(1), NOON)
    settleDue(memory, NOON + 10 * MINUTE)
    memory.record(
      refused(2, { incoming: CAROL, outgoing: '830000x1x1', at: NOON + 10 * MINUTE }),
      NOON + 10 * MINUTE,
    )
    memory.record(refused(3, { at: NOON + 20 * MINUTE }), NOON + 20 * MINUTE)
    const now = NOON + 70 * MINUTE
    settleDue(memory, now)
    expect(channelView(memory, BOB, '1h', now)?.outgoing.refused).toMatchObject([{ attempts: 1 }])
  })
})

describe('bursts', () => {
  it('shed detail above the stated rate and keep counters exact', () => {
    const memory = remembering(...Array.from({ length: 5_100 }, (_, i) => refused(i)))
    expect(node(memory).forwards.refused[0]?.attempts).toBe(5_100)
    expect(memoryStatus(memory, NOON).shedEvents).toBe(100)
  })
})

describe(rankChannels, () => {
  const question = {
    window: '24h',
    order: 'missed',
    family: undefined,
    offset: 0,
    limit: 10,
  } as const

  it('orders by what is asked for and limits to a family', () => {
    const memory = remembering(
      refused(1, { outgoing: CAROL, incomingMsat: 100_900_000 }),
      refused(2),
      refused(3),
      refused(4, { failureDetail: 5 }),
    )
    const order = (over: object) =>
      rankChannels(memory, { ...question, ...over }, NOON).rows.map(({ scid }) => scid)
    expect(order({})).toEqual([CAROL, BOB])
    expect(order({ order: 'failures' })).toEqual([BOB, CAROL])
    expect(order({ family: 'limit' })).toEqual([BOB])
    expect(order({ family: 'peer' })).toEqual([])
    expect(order({ order: 'earned' })).toEqual([])
  })
})

// What the store does: closed buckets are kept, and read back when they leave a window.
const closedParts = new WeakMap<Memory, Map<string, unknown>>()

function settleDue(memory: Memory, now: number): void {
  const parts = closedParts.get(memory) ?? new Map<string, unknown>()
  closedParts.set(memory, parts)
  memory.ledger.advance(now)
  for (const { key, rows } of memory.ledger.takeClosed()) parts.set(key, rows)
  for (let due = memory.ledger.due(now); due.length > 0; due = memory.ledger.due(now)) {
    for (const bucket of due) {
      const read = new Map([...parts].filter(([key]) => key.startsWith(bucket.prefix)))
      for (const key of memory.ledger.settle(bucket, read)) parts.delete(key)
    }
  }
}
