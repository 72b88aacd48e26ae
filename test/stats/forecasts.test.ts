import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectForecasts, restoreForecasts } from '../../src/stats/forecast-documents.ts'
import { Forecasts, type SettledHtlc } from '../../src/stats/forecasts.ts'
import { Memory } from '../../src/stats/memory.ts'
import { collectDocuments, RESTORED_PREFIXES } from '../../src/stats/memory-documents.ts'
import { restoreMemory } from '../../src/stats/restore-memory.ts'
import type { Forecast } from '../../src/stats/trials.ts'
import { decode, encode } from '../../src/store/codec.ts'
import {
  ALICE,
  BOB,
  channel,
  DAY,
  HOUR,
  MINUTE,
  NOON,
  offered,
  settled,
} from '../support/events.ts'

const LIMITS = { maxChannels: 100, retentionDays: 400 }
const SAT = 1000
const MILLION = 1_000_000_000

/** One million sat into BOB: 500 sat a week, from 200 to 900. */
const FORECAST: Forecast = {
  type: 'rebalance_in',
  at: NOON,
  amountMsat: 1_000_000_000n,
  expectedMsat: 500_000n,
  lowMsat: 200_000n,
  highMsat: 900_000n,
}

/** BOB as listed with so much that it can send; 50,000 sat are its reserve. */
function holding(msat: bigint) {
  return channel(BOB, { localMsat: msat + 50_000_000n })
}

/** A settled forward BOB → ALICE. */
function back(incomingMsat: number, outgoingMsat: number): SettledHtlc {
  return { incoming: { scid: BOB }, outgoing: { scid: ALICE }, incomingMsat, outgoingMsat }
}

/** A track record with a forecast for BOB, whose channel was listed with 100,000 sat. */
function waiting(): Forecasts {
  const track = new Forecasts()
  track.given(BOB, FORECAST)
  track.listed(holding(100_000_000n), NOON + MINUTE)
  return track
}

/** The same after a million sat was moved in and seen by two listings. */
function added(msat = 1_000_000_000n): Forecasts {
  const track = waiting()
  track.listed(holding(100_000_000n + msat), NOON + HOUR)
  track.listed(holding(100_000_000n + msat), NOON + HOUR + MINUTE)
  return track
}

/** A settled forward ALICE → BOB that pays a fee. */
function forward(track: Forecasts, sat: number, feeSat: number, at: number): void {
  track.settled(
    {
      incoming: { scid: ALICE },
      outgoing: { scid: BOB },
      incomingMsat: (sat + feeSat) * SAT,
      outgoingMsat: sat * SAT,
    },
    at,
  )
}

describe('balance that was added', () => {
  it('is watched once two listings show a rise that no forward explains', () => {
    const track = waiting()
    track.listed(holding(1_100_000_000n), NOON + HOUR)
    expect(track.record().running).toBe(0)
    track.listed(holding(1_100_000_000n), NOON + HOUR + MINUTE)
    expect(track.record().running).toBe(1)
  })

  it('is not what forwards brought in', () => {
    const track = waiting()
    track.settled(back(MILLION, MILLION - 100 * SAT), NOON + HOUR)
    track.listed(holding(1_100_000_000n), NOON + HOUR + MINUTE)
    track.listed(holding(1_100_000_000n), NOON + HOUR + 2 * MINUTE)
    expect(track.record().running).toBe(0)
  })

  it('is not a forward whose listing came before its event', () => {
    const track = waiting()
    track.listed(holding(1_100_000_000n), NOON + HOUR)
    track.settled(back(MILLION, MILLION - 100 * SAT), NOON + HOUR + 50)
    track.listed(holding(1_100_000_000n), NOON + HOUR + MINUTE)
    expect(track.record().running).toBe(0)
  })

  it('is not a commitment fee that fell', () => {
    expect(added(15_000_000n).record().running).toBe(0)
  })

  it('is not looked for where no amount was recommended', () => {
    const track = new Forecasts()
    track.given(BOB, { ...FORECAST, type: 'mend_peer', amountMsat: undefined })
    track.listed(holding(0n), NOON + MINUTE)
    track.listed(holding(1_000_000_000n), NOON + HOUR)
    track.listed(holding(1_000_000_000n), NOON + HOUR + MINUTE)
    expect(track.record()).toMatchObject({ given: 1, running: 0 })
  })

  it('is taken from the operator who says Done', () => {
    const track = new Forecasts()
    track.given(BOB, FORECAST)
    track.listed(holding(1_100_000_000n), NOON + MINUTE)
    expect(track.done(BOB, NOON + HOUR)).toBe('begun')
    expect(track.record().running).toBe(1)
    expect(track.done(BOB, NOON + 2 * HOUR)).toBe('running')
    expect(track.done(ALICE, NOON + HOUR)).toBe('not-there')
  })

  it('is no addition by word alone where the channel holds nothing', () => {
    const track = new Forecasts()
    track.given(BOB, FORECAST)
    track.listed(holding(0n), NOON + MINUTE)
    expect(track.done(BOB, NOON + HOUR)).toBe('not-there')
  })

  it('is no addition by word alone where a tenth of it has not come since the advice', () => {
    const track = new Forecasts()
    track.given(BOB, { ...FORECAST, beforeMsat: 157_000_000 })
    track.listed(holding(157_000_000n), NOON + MINUTE)
    expect(track.done(BOB, NOON + HOUR)).toBe('not-there')
    track.listed(holding(256_000_000n), NOON + HOUR)
    expect(track.done(BOB, NOON + HOUR)).toBe('not-there')
    expect(track.record().running).toBe(0)
  })

  it('is taken from one listing where the operator says so, and not counted again', () => {
    const track = new Forecasts()
    track.given(BOB, { ...FORECAST, beforeMsat: 157_000_000 })
    track.listed(holding(157_000_000n), NOON + MINUTE)
    track.listed(holding(557_000_000n), NOON + HOUR)
    expect(track.done(BOB, NOON + HOUR)).toBe('begun')
    track.listed(holding(557_000_000n), NOON + HOUR + MINUTE)
    expect(track.get(BOB)?.trial).toMatchObject({ addedMsat: 400_000_000, claimedMsat: 0 })
  })

  it('wants a tenth of the amount there where nobody kept what was there before', () => {
    const track = new Forecasts()
    track.given(BOB, FORECAST)
    track.listed(holding(99_000_000n), NOON + MINUTE)
    expect(track.done(BOB, NOON + HOUR)).toBe('not-there')
  })
})

describe('a stream that was down', () => {
  it('leaves open what a balance rose by meanwhile', () => {
    const track = waiting()
    track.interrupted()
    for (let i = 1; i < 4; i++) track.listed(holding(1_100_000_000n), NOON + HOUR + i * MINUTE)
    expect(track.record().running).toBe(0)
  })

  it('does not end what is being watched', () => {
    const track = added()
    track.interrupted()
    forward(track, 300_000, 150, NOON + 2 * HOUR)
    track.listed(holding(800_000_000n), NOON + 3 * HOUR)
    forward(track, 700_000, 350, NOON + 4 * HOUR)
    track.prune(NOON + 9 * DAY)
    // What went out while nothing was known of the balance is not claimed.
    expect(track.record().results[0]).toMatchObject({ earnedMsat: 350_000n })
  })
})

describe('what it earned', () => {
  it('is the fees of what the channel could not have carried without it', () => {
    const track = added()
    // 100,000 sat were there: the first needs the addition, the second does not.
    forward(track, 300_000, 150, NOON + 2 * HOUR)
    forward(track, 50_000, 25, NOON + 3 * HOUR)
    forward(track, 680_000, 340, NOON + 4 * HOUR)
    expect(track.record()).toMatchObject({
      n: 1,
      running: 0,
      medianRatio: 490 / 500,
      insideShare: 1,
      results: [{ scid: BOB, addedMsat: 1_000_000_000n, earnedMsat: 490_000n }],
    })
  })

  it('leaves out what balance that flowed in by itself would have carried', () => {
    const track = added()
    track.settled(back(500_000 * SAT, 499_000 * SAT), NOON + HOUR + 2 * MINUTE)
    forward(track, 600_000, 300, NOON + 2 * HOUR)
    track.prune(NOON + 9 * DAY)
    expect(track.record().results[0]).toMatchObject({ earnedMsat: 0n })
  })

  it('is told after seven days where it was not used up', () => {
    const track = added()
    forward(track, 300_000, 150, NOON + 2 * HOUR)
    track.listed(holding(800_000_000n), NOON + 7 * DAY)
    expect(track.record().n).toBe(0)
    track.listed(holding(800_000_000n), NOON + 7 * DAY + 2 * HOUR)
    expect(track.record()).toMatchObject({ n: 1, medianRatio: 0.3, insideShare: 0 })
  })

  it('is held against the share of the forecast that was really added', () => {
    const track = added(500_000_000n)
    forward(track, 490_000, 245, NOON + 2 * HOUR)
    expect(track.record().results[0]).toMatchObject({
      expectedMsat: 250_000n,
      lowMsat: 100_000n,
      highMsat: 450_000n,
      earnedMsat: 245_000n,
    })
  })

  it('adds up an addition that comes in parts', () => {
    const track = added(400_000_000n)
    track.listed(holding(1_100_000_000n), NOON + 2 * HOUR)
    track.listed(holding(1_100_000_000n), NOON + 2 * HOUR + MINUTE)
    forward(track, 980_000, 490, NOON + 3 * HOUR)
    expect(track.record().results[0]).toMatchObject({ addedMsat: 1_000_000_000n })
  })

  it('says nothing of a small part of what was recommended', () => {
    const track = added(100_000_000n)
    forward(track, 190_000, 95, NOON + 2 * HOUR)
    expect(track.record()).toMatchObject({ n: 0, running: 0 })
  })
})

describe('the track record', () => {
  it('is empty before anything was tried', () => {
    expect(new Forecasts().record()).toEqual({
      given: 0,
      running: 0,
      n: 0,
      medianRatio: undefined,
      insideShare: undefined,
      results: [],
    })
  })

  it('counts a recommendation once a day for each channel and type', () => {
    const track = new Forecasts()
    track.given(BOB, FORECAST)
    track.given(BOB, { ...FORECAST, at: NOON + HOUR, expectedMsat: 9n })
    track.given(BOB, { ...FORECAST, at: NOON + HOUR, type: 'raise_fee', amountMsat: undefined })
    track.given(BOB, { ...FORECAST, at: NOON + DAY })
    expect(track.record().given).toBe(3)
  })

  it('forgets a forecast that nobody acted on in seven days', () => {
    const track = waiting()
    track.prune(NOON + 7 * DAY)
    expect(track.get(BOB)).toBeUndefined()
    expect(track.record().given).toBe(1)
  })

  it('keeps to its bounds', () => {
    const track = new Forecasts()
    for (let i = 0; i < 2_100; i++) track.given(`${i}x1x1`, FORECAST)
    expect(track.get('99x1x1')).toBeUndefined()
    expect(track.get('100x1x1')).toBeDefined()
  })

  it('goes on after a restart as after the stream was down', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('list' as const), sat: fc.nat(3_000_000) }),
      fc.record({ kind: fc.constant('out' as const), sat: fc.nat(900_000) }),
      fc.record({ kind: fc.constant('in' as const), sat: fc.nat(900_000) }),
      fc.record({ kind: fc.constant('restart' as const), sat: fc.constant(0) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const saved = new Map<string, string>()
        const whole = waiting()
        let restarted = restart(waiting(), saved)
        whole.interrupted()
        steps.forEach(({ kind, sat }, i) => {
          const at = NOON + HOUR + i * HOUR
          if (kind === 'restart') {
            restarted = restart(restarted, saved)
            whole.interrupted()
          }
          for (const track of [whole, restarted]) {
            for (const later of [0, MINUTE]) {
              if (kind === 'list') track.listed(holding(BigInt(sat * SAT)), at + later)
            }
            if (kind === 'out') forward(track, sat, Math.floor(sat / 2_000), at)
            if (kind === 'in') track.settled(back(sat * SAT, sat * SAT), at)
          }
        })
        expect(restarted.record()).toEqual(whole.record())
      }),
    )
  })
})

describe('the memory', () => {
  it('tells the track record what is listed and what settles, and keeps it over a restart', () => {
    const memory = new Memory(LIMITS, NOON)
    memory.streamUp(NOON)
    memory.forecasts.given(BOB, FORECAST)
    const listings = [100_000_000n, 1_100_000_000n, 1_100_000_000n]
    listings.forEach((msat, i) => {
      memory.updateChannels([channel(ALICE), holding(msat)], NOON + (i + 1) * MINUTE)
    })
    expect(memory.forecasts.record().running).toBe(1)
    const again = restarted(memory)
    again.streamUp(NOON + HOUR)
    again.updateChannels([channel(ALICE), holding(1_100_000_000n)], NOON + HOUR)
    const at = NOON + 2 * HOUR
    const amounts = { incomingMsat: 980_490_000, outgoingMsat: 980_000_000 }
    again.record(offered(1, { at, ...amounts }), at)
    again.record(settled(1, { at }), at)
    expect(again.forecasts.record()).toMatchObject({ given: 1, n: 1, medianRatio: 0.98 })
  })

  it('takes no balance for added that was listed while the stream was down', () => {
    const memory = new Memory(LIMITS, NOON)
    memory.streamUp(NOON)
    memory.forecasts.given(BOB, FORECAST)
    memory.updateChannels([channel(ALICE), holding(100_000_000n)], NOON + MINUTE)
    memory.streamDown(NOON + 2 * MINUTE)
    for (let i = 3; i < 6; i++) {
      memory.updateChannels([channel(ALICE), holding(1_100_000_000n)], NOON + i * MINUTE)
    }
    memory.streamUp(NOON + 6 * MINUTE)
    memory.updateChannels([channel(ALICE), holding(1_100_000_000n)], NOON + 7 * MINUTE)
    memory.updateChannels([channel(ALICE), holding(1_100_000_000n)], NOON + 8 * MINUTE)
    expect(memory.forecasts.record().running).toBe(0)
  })
})

function restarted(memory: Memory): Memory {
  const docs = collectDocuments(memory).map(({ key, value }): [string, unknown] => [
    key,
    decode(encode(key, value)),
  ])
  const again = new Memory(LIMITS, NOON)
  for (const prefix of RESTORED_PREFIXES) {
    restoreMemory(again, prefix, new Map(docs.filter(([key]) => key.startsWith(prefix))))
  }
  return again
}

function restart(track: Forecasts, saved: Map<string, string>): Forecasts {
  for (const { key, value } of collectForecasts(track)) {
    if (value === undefined) saved.delete(key)
    else saved.set(key, encode(key, value))
  }
  const restored = new Forecasts()
  for (const [key, text] of saved) restoreForecasts(restored, key, decode(text))
  return restored
}
