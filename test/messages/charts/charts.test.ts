import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Scid } from '../../../src/lightning/scid.ts'
import { channelChart } from '../../../src/messages/charts/channel-chart.ts'
import { chartName } from '../../../src/messages/charts/chart-name.ts'
import { isDrawable, widthOf } from '../../../src/messages/charts/glyphs.ts'
import { missedChart } from '../../../src/messages/charts/missed-chart.ts'
import { COLOUR, SIZE } from '../../../src/messages/charts/theme.ts'
import { trafficChart } from '../../../src/messages/charts/traffic-chart.ts'
import { CHART_WINDOWS, type Series } from '../../../src/stats/views.ts'
import { DAY, HOUR } from '../../support/events.ts'
import { fakeBalances, fakeSeries } from '../../support/fake-charts.ts'
import { barsOf, expectDrawable, shapesOf, textsOf, viewBoxOf } from './shapes.ts'

const NOW = Date.parse('2026-11-21T13:05:00Z')
const READING = { now: NOW, timeZone: 'Europe/Berlin' }
const SCID: Scid = '800123x45x1'

const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Chatham')
const window = fc.constantFrom(...CHART_WINDOWS)
// Around both changes of the clocks in Europe, and any other moment.
const moment = fc.oneof(
  fc.integer({ min: Date.parse('2026-10-24T00:00Z'), max: Date.parse('2026-10-27T00:00Z') }),
  fc.integer({ min: Date.parse('2026-03-28T00:00Z'), max: Date.parse('2026-04-28T00:00Z') }),
  fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2040-01-01') }),
)
const alias = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom('</text>', '&lt;', '\u202eevil', '😀'.repeat(200), 'W'.repeat(100), '\u0000'),
)
const amount = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 2 ** 31 }),
)
const counts = fc.array(fc.tuple(amount, amount, amount, fc.bigInt(-1000n, 2n ** 53n)), {
  minLength: 1,
  maxLength: 40,
})
const share = fc.double({ min: 0, max: 1, noNaN: true })

/** A series of a window with the given counts, and gaps at the given shares of its span. */
const series: fc.Arbitrary<Series> = fc
  .record({ window, now: moment, counts, gaps: fc.array(share, { maxLength: 30 }) })
  .map(({ window, now, counts, gaps }) => {
    const empty = fakeSeries(window, now)
    const { from } = empty.span
    const times = gaps.map((part) => from + part * (now - from)).sort((a, b) => a - b)
    return {
      ...empty,
      buckets: empty.buckets.map((bucket, i) => {
        const [settled = 0, refusedForBalance = 0, refusedOtherwise = 0, earnedMsat = 0n] =
          counts[i % counts.length] ?? []
        return { ...bucket, settled, refusedForBalance, refusedOtherwise, earnedMsat }
      }),
      uncovered: times.flatMap((at, i) =>
        i % 2 === 0 ? [{ from: at, to: times[i + 1] ?? now }] : [],
      ),
    }
  })

describe('every chart', () => {
  it('is a whole picture, whatever happened and wherever it is read', () => {
    fc.assert(
      fc.property(series, zone, (one, timeZone) => {
        expectDrawable(trafficChart(one, { now: one.span.to, timeZone }))
      }),
      { numRuns: 60 },
    )
  })

  it('is one of a channel, too, whatever it is called and however its balance moved', () => {
    const moves = fc.array(fc.tuple(share, share), { maxLength: 30 })
    fc.assert(
      fc.property(series, alias, zone, moves, (one, name, timeZone, all) => {
        const { from, to } = one.span
        const points = all
          .map(([when, part]) => ({
            at: from + when * (to - from),
            localMsat: BigInt(Math.round(part * 5e9)),
          }))
          .sort((a, b) => a.at - b.at)
        const balances = { capacityMsat: 5_000_000_000n, points }
        const data = { scid: SCID, alias: name, series: one, balances }
        expectDrawable(channelChart(data, { now: to, timeZone }))
      }),
      { numRuns: 60 },
    )
  })

  it('is one of peers, too, whatever they are called and missed', () => {
    const row = fc.tuple(alias, fc.bigInt(0n, 2n ** 53n), share, share)
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), window, (rows, name) => {
        const svg = missedChart({ ...fakeSeries(name, NOW), rows: rows.map(peerOf) }, READING)
        expectDrawable(svg)
      }),
      { numRuns: 60 },
    )
  })

  it('has texts of ten pixels at least on a phone of 390', () => {
    for (const svg of [trafficChart(fakeSeries('24h', NOW), READING), someMissed()]) {
      const sizes = shapesOf(svg).flatMap(({ attributes }) => attributes['font-size'] ?? [])
      const [width = 0] = viewBoxOf(svg)
      const onPhone = [SIZE.label, ...sizes.map(Number)].map((size) => (size * 390) / width)
      expect(Math.min(...onPhone)).toBeGreaterThanOrEqual(10)
    }
  })

  it('has colours that stand out from its ground', () => {
    const { ground, line, uncovered, ...data } = COLOUR
    for (const [name, colour] of Object.entries(data)) {
      const least = name === 'text' || name === 'muted' ? 7 : 4.5
      expect(contrast(colour, ground), name).toBeGreaterThan(least)
    }
    for (const colour of [line, uncovered]) expect(contrast(colour, ground)).toBeGreaterThan(1.4)
  })
})

function peerOf([name, expected, low, high]: [string, bigint, number, number], i: number) {
  const times = (factor: number) => (expected * BigInt(Math.round(factor * 1000))) / 1000n
  return {
    pubkey: `02${i}`,
    alias: name,
    scid: SCID,
    channels: 1,
    demands: 9,
    missed: { expectedMsat: expected, lowMsat: times(low), highMsat: times(1 + high) },
  }
}

function someMissed(): string {
  const rows = [
    peerOf(['alice', 400_000n, 0.5, 0.5], 0),
    peerOf(['bob', 100_000n, 0.5, 1], 1),
    peerOf(['日本のノード', 0n, 0, 0], 2),
  ]
  return missedChart({ ...fakeSeries('7d', NOW), rows }, READING)
}

/** The contrast of two colours by WCAG 2. */
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

describe(trafficChart, () => {
  const day = fakeSeries('24h', NOW)

  it('names what it shows, its sums and units, its span and its clock', () => {
    const texts = textsOf(trafficChart(day, READING))
    expect(texts.slice(0, 2)).toEqual([
      'Forwards and refusals, last 24 h',
      '20 Nov 14:00 – 21 Nov 14:05, by hour, Berlin',
    ])
    expect(texts).toContain('■ Forwards settled 150')
    expect(texts).toContain('Refused attempts 450 ■ no balance ■ other')
    expect(texts).toContain('■ Fees earned 1,571 sat')
    expect(texts).toContain('not listening, 2 h: refusals are unknown')
  })

  it('draws bars as high as what they stand for', () => {
    const svg = trafficChart(day, READING)
    const heights = barsOf(svg, COLOUR.forwards).map(({ height = 0 }) => height)
    const settled = day.buckets.map((one) => one.settled).filter((count) => count > 0)
    expect(heights).toHaveLength(settled.length)
    const unit = (heights[0] ?? 0) / (settled[0] ?? 1)
    const expected = settled.map((count) => Math.round(count * unit))
    expect(heights.map(Math.round)).toEqual(expected)
    const [balance] = barsOf(svg, COLOUR.refusedForBalance)
    const [other] = barsOf(svg, COLOUR.refusedOtherwise)
    expect((balance?.['height'] ?? 0) / (other?.['height'] ?? 1)).toBeCloseTo(3.5, 1)
    // One upon the other.
    expect(other?.['y'] ?? 0).toBeCloseTo((balance?.['y'] ?? 0) - (other?.['height'] ?? 0), 0)
  })

  it('marks time on the reader’s clock', () => {
    const marks = (timeZone: string) =>
      textsOf(trafficChart(day, { now: NOW, timeZone })).filter((text) =>
        /^(\d\d:00|\w{3} \d+)$/.test(text),
      )
    expect(marks('UTC')).toEqual(['18:00', 'Sat 21', '06:00', '12:00'])
    expect(marks('Asia/Kathmandu')).toEqual(['Sat 21', '06:00', '12:00', '18:00'])
  })

  it('shows a week in quarters of local days, also where the clocks change', () => {
    const now = Date.parse('2026-10-28T12:00:00Z')
    const hourly = fakeSeries('7d', now)
    const buckets = hourly.buckets.map((bucket) => ({ ...bucket, settled: 1 }))
    const svg = trafficChart({ ...hourly, buckets }, { now, timeZone: 'Europe/Berlin' })
    const heights = barsOf(svg, COLOUR.forwards).map(({ height = 0 }) => height)
    const hour = Math.max(...heights) / 7
    // The 25th of October has 25 hours in Berlin: its first quarter has seven.
    const hours = heights.map((height) => Math.round(height / hour))
    expect(hours.filter((count) => count === 7)).toHaveLength(1)
    expect(hours.reduce((sum, count) => sum + count, 0)).toBe(hourly.buckets.length)
    const days = textsOf(svg).filter((text) => /^\w{3} \d+$/.test(text))
    expect(days).toEqual(['Thu 22', 'Fri 23', 'Sat 24', 'Sun 25', 'Mon 26', 'Tue 27'])
  })

  it('shows a month in UTC days, and says so', () => {
    const texts = textsOf(trafficChart(fakeSeries('30d', NOW), READING))
    expect(texts[1]).toBe('22 Oct – 21 Nov, by UTC day')
    expect(texts).toContain('2 Nov')
  })

  it('says where there was nothing, and draws the few among the many', () => {
    const buckets = day.buckets.map((bucket, i) => ({
      ...bucket,
      settled: 0,
      refusedForBalance: i === 3 ? 1 : 0,
      refusedOtherwise: i === 9 ? 1_000_000 : 0,
    }))
    const svg = trafficChart({ ...day, buckets }, READING)
    expect(textsOf(svg).filter((text) => text === 'none')).toHaveLength(1)
    expect(barsOf(svg, COLOUR.refusedForBalance)[0]?.['height']).toBeGreaterThanOrEqual(2)
  })

  it('does not call nothing what nobody heard', () => {
    const silent = day.buckets.map((bucket) => ({
      ...bucket,
      refusedForBalance: 0,
      refusedOtherwise: 0,
    }))
    const deaf = { ...day, buckets: silent, span: { ...day.span, coveredMs: 0 } }
    const said = (one: Series) => textsOf(trafficChart(one, READING))
    expect(said({ ...day, buckets: silent })).toContain('none heard')
    expect(said({ ...day, buckets: silent, uncovered: [] })).toContain('none')
    expect(said(deaf)).toContain('Refused attempts unknown ■ no balance ■ other')
    expect(said(deaf)).toContain('unknown')
  })

  it('marks forwards that have not been read yet, too', () => {
    const unread = [{ from: NOW - HOUR, to: NOW }]
    const hatchings = (svg: string) => barsOf(svg, 'url(#hatch)').length
    expect(hatchings(trafficChart({ ...day, unread }, READING))).toBe(
      hatchings(trafficChart(day, READING)) + 2,
    )
    expect(textsOf(trafficChart({ ...day, unread }, READING))).toContain(
      'not listening, 2 h: refusals, some forwards unknown',
    )
  })

  it('stays small with a storm of reconnects', () => {
    const gaps = Array.from({ length: 2_000 }, (_, i) => ({
      from: NOW - DAY + i * 40_000,
      to: NOW - DAY + i * 40_000 + 20_000,
    }))
    expect(trafficChart({ ...day, uncovered: gaps }, READING).length).toBeLessThan(30_000)
  })
})

describe(channelChart, () => {
  const week = fakeSeries('7d', NOW)
  const data = { scid: SCID, alias: 'alice', series: week, balances: fakeBalances(week) }

  it('names the channel, its balance and its capacity', () => {
    const texts = textsOf(channelChart(data, READING))
    expect(texts[0]).toBe('alice, last 7 days')
    expect(texts).toContain('■ Our balance 80k of 5M sat')
    expect(texts).toContain(SCID)
    for (const tick of ['0', '2.5M', '5M']) expect(texts).toContain(tick)
  })

  it('breaks the curve where nobody looked', () => {
    const curve = (uncovered: Series['uncovered']) => {
      const svg = channelChart({ ...data, series: { ...week, uncovered } }, READING)
      const paths = shapesOf(svg).filter(({ name }) => name === 'path')
      return paths.map(({ attributes }) => attributes['d']?.match(/M/g)?.length)
    }
    expect(curve([])).toEqual([1, 1])
    expect(curve([{ from: NOW - 3 * DAY, to: NOW - 3 * DAY + HOUR }])).toEqual([2, 2])
  })

  it('says that a balance is not known', () => {
    const texts = textsOf(channelChart({ ...data, balances: undefined }, READING))
    expect(texts).toContain('■ Our balance unknown')
  })
})

describe(missedChart, () => {
  it('draws expectations and their intervals to one scale', () => {
    const svg = someMissed()
    const [alice, bob, nobody] = barsOf(svg, COLOUR.refusedForBalance).map(({ width }) => width)
    expect((alice ?? 0) / (bob ?? 1)).toBeCloseTo(4, 1)
    expect(nobody).toBe(2)
    expect(textsOf(svg)).toContain('≈ 400 sat (200–600)')
    expect(textsOf(svg)).toContain('bar: expected, line: 80 % interval')
  })

  it('shows the eight that missed most, and counts the others', () => {
    const rows = Array.from({ length: 11 }, (_, i) => peerOf([`peer ${i}`, 100n, 0, 1], i))
    const texts = textsOf(missedChart({ ...fakeSeries('7d', NOW), rows }, READING))
    expect(texts).toContain('peer 7')
    expect(texts).not.toContain('peer 8')
    expect(texts.at(-1)).toMatch(/; 3 more peers with less$/)
  })
})

describe(chartName, () => {
  const named = (name: string) => chartName(name, SCID, 700, 32)

  it.each([
    ['alice', 'alice'],
    ['🕊️ born to be free 🕊️', 'born to be free'],
    ['⚡Łódź Node №7⚡', 'Łódź Node №7'],
    ['Ωμέγα', 'Ωμέγα'],
    ['Подсолнух', 'Подсолнух'],
    ['z̷͕̈a̸͔͝l̴̰̈g̶̜̈o̴͙͝', 'zalgo'],
    ['\u202eevil\u202c \u200bname', 'evil name'],
    ['日本のノード', SCID],
    ['日本のノード A', SCID],
    ['مرحبا بالعالم', SCID],
    ['⚡⚡⚡', SCID],
    ['', SCID],
  ])('calls %j %j', (name, drawn) => {
    expect(named(name)).toBe(drawn)
  })

  it('holds only what the font draws, in the width there is', () => {
    fc.assert(
      fc.property(alias, fc.integer({ min: 80, max: 1_000 }), (name, width) => {
        const drawn = chartName(name, SCID, width, 32)
        expect([...drawn].filter((character) => !isDrawable(character))).toEqual([])
        expect(widthOf(drawn, 32)).toBeLessThanOrEqual(width)
        expect(drawn).not.toBe('')
      }),
    )
  })
})
