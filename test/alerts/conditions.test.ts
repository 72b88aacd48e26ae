import { describe, expect, it } from 'vitest'
import { readDelivery } from '../../src/alerts/kinds/bot-delivery.ts'
import { readLiquidity } from '../../src/alerts/kinds/liq-low.ts'
import { lndDown, readLnd } from '../../src/alerts/kinds/lnd-down.ts'
import { readSilence } from '../../src/alerts/kinds/lnd-silent.ts'
import { readPeer } from '../../src/alerts/kinds/peer-offline.ts'
import { readRevenue, usualRevenueThreshold } from '../../src/alerts/kinds/revenue-missed.ts'
import { Outflow } from '../../src/stats/outflow.ts'

const MINUTE_MS = 60_000
const BTC = 100_000_000_000n

describe(readLnd, () => {
  it('fires whenever LND is not listened to, and waits longer for one that starts', () => {
    const status = { since: 0, detail: '', reconnects: 0 }
    expect(readLnd({ ...status, state: 'listening' }).level).toBe('calm')
    const lost = readLnd({ ...status, state: 'unreachable' })
    const starting = readLnd({ ...status, state: 'starting' })
    expect([lost.level, starting.level]).toEqual(['fire', 'fire'])
    expect(lndDown.waitMs(lost.facts)).toBe(MINUTE_MS)
    expect(lndDown.waitMs(starting.facts)).toBe(5 * MINUTE_MS)
  })
})

describe(readSilence, () => {
  const input = { isListening: true, since: 0, usualGapMs: 1_000 }

  it('fires once thirty events should have come even in the quietest hour', () => {
    expect(readSilence({ ...input, silentMs: 149_000 }).level).toBe('calm')
    expect(readSilence({ ...input, silentMs: 150_000 }).level).toBe('fire')
  })

  it('does not know without a stream, and says nothing of a node whose pace is not known', () => {
    expect(readSilence({ ...input, isListening: false, silentMs: 0 }).level).toBe('unknown')
    const fresh = { ...input, usualGapMs: undefined, silentMs: 86_400_000 }
    expect(readSilence(fresh).level).toBe('calm')
  })
})

describe(readPeer, () => {
  const peer = {
    pubkey: '02ab',
    isOffline: true,
    since: 0,
    channels: 1,
    capacityMsat: BTC / 1000n,
    nodeCapacityMsat: BTC,
    forwardsPerDay: 0.5,
    demands: 0,
  }

  it('fires for a peer that forwards, or that holds a hundredth of the capacity', () => {
    expect(readPeer(peer).level).toBe('hold')
    expect(readPeer({ ...peer, forwardsPerDay: 1 }).level).toBe('fire')
    expect(readPeer({ ...peer, capacityMsat: BTC / 100n }).level).toBe('fire')
    expect(readPeer({ ...peer, isOffline: false, forwardsPerDay: 9 }).level).toBe('calm')
  })
})

describe(readLiquidity, () => {
  const channel = {
    scid: '800000x1x0',
    capacityMsat: BTC / 20n,
    outflowPerMs: undefined,
    refusedDemands: 0,
  } as const
  const at = (pct: bigint) => (channel.capacityMsat * pct) / 100n

  it('warns of an empty channel that five demands an hour ask for', () => {
    const empty = { ...channel, localMsat: 0n }
    expect(readLiquidity({ ...empty, refusedDemands: 4 }, 10).level).toBe('hold')
    expect(readLiquidity({ ...empty, refusedDemands: 5 }, 10)).toMatchObject({
      level: 'fire',
      severity: 'warn',
    })
  })

  it('puts into the digest what will be empty within two hours', () => {
    const localMsat = at(8n)
    const emptyIn = (hours: number) => Number(localMsat) / (hours * 60 * MINUTE_MS)
    const low = { ...channel, localMsat }
    expect(readLiquidity({ ...low, outflowPerMs: emptyIn(3) }, 10).level).toBe('hold')
    expect(readLiquidity({ ...low, outflowPerMs: emptyIn(1) }, 10)).toMatchObject({
      level: 'fire',
      severity: 'digest',
    })
    expect(readLiquidity({ ...low, outflowPerMs: -1 }, 10).level).toBe('hold')
  })

  it('is over only at twice the share', () => {
    expect(readLiquidity({ ...channel, localMsat: at(20n) }, 10).level).toBe('hold')
    expect(readLiquidity({ ...channel, localMsat: at(21n) }, 10).level).toBe('calm')
  })
})

describe(Outflow, () => {
  it('tells the net outflow of the last hours, when there is one', () => {
    const flow = new Outflow()
    const perMinute = 60_000_000
    for (let minute = 0; minute < 600; minute++) {
      flow.look(
        new Map([
          ['a', 1e11 - minute * perMinute],
          ['b', 1e11],
        ]),
        MINUTE_MS,
      )
    }
    expect(flow.perMs('a')).toBeCloseTo(perMinute / MINUTE_MS, 0)
    expect(flow.perMs('b')).toBeUndefined()
    flow.look(new Map(), MINUTE_MS)
    expect(flow.perMs('a')).toBeUndefined()
  })
})

describe(readRevenue, () => {
  const missing = (expectedMsat: bigint, isKnown = true) => ({
    subject: 'node' as const,
    missed: { expectedMsat, lowMsat: 0n, highMsat: 2n * expectedMsat },
    earnedMsat: 0n,
    isKnown,
  })

  it('never fires by too little data, and leaves on what rings already', () => {
    const thresholds = { usualMsat: 500_000n, lowestMsat: 500_000n }
    const level = (msat: bigint) => readRevenue(missing(msat, false), thresholds).level
    expect([9_000_000n, 250_000n, 249_000n].map(level)).toEqual(['hold', 'hold', 'calm'])
  })

  it('fires at the lowest threshold in force, and is calm below half of it', () => {
    const thresholds = { usualMsat: 900_000n, lowestMsat: 600_000n }
    const level = (expectedMsat: bigint) => readRevenue(missing(expectedMsat), thresholds).level
    expect([600_000n, 599_000n, 300_000n, 299_000n].map(level)).toEqual([
      'fire',
      'hold',
      'hold',
      'calm',
    ])
  })

  it('goes by twice the daily fees, and never by less than 500 sat', () => {
    expect(usualRevenueThreshold(100_000n)).toBe(500_000n)
    expect(usualRevenueThreshold(400_000n)).toBe(800_000n)
  })
})

describe(readDelivery, () => {
  it('fires for what waits for over ten minutes and for a dead chat', () => {
    const fine = { oldestUnsentMs: undefined, oldestUnsentAt: undefined, deadChats: 0 }
    expect(readDelivery(fine).level).toBe('calm')
    expect(readDelivery({ ...fine, oldestUnsentMs: 30_000 }).level).toBe('hold')
    expect(readDelivery({ ...fine, oldestUnsentMs: 11 * MINUTE_MS }).level).toBe('fire')
    expect(readDelivery({ ...fine, deadChats: 1 }).level).toBe('fire')
  })
})
