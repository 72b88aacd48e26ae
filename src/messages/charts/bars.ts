import { type ScaleLinear, scaleLinear } from 'd3-scale'
import { shortNumber } from '../format.ts'
import { noteIn, type Place, plotOf, tickOf } from './panel.ts'
import { element, group, type Svg } from './svg.ts'
import type { TimeScale } from './time-axis.ts'

/** A bar over a time (epoch ms), of parts that lie one upon the other, from below. */
export type Bar = { from: number; to: number; parts: readonly number[] }

/** Bars over time. */
export type Bars = {
  bars: readonly Bar[]
  /** Of each part. */
  colours: readonly string[]
  /** Writes a figure of the axis. */
  format(value: number): string
  /** Whether only whole figures make sense. */
  isWhole: boolean
  /** What is said where there is no bar. */
  nothing: string
}

/** Returns bars with the figures of their axis. */
export function barPlot(data: Bars, x: TimeScale, place: Place): Svg {
  const { bars, colours, format, isWhole, nothing } = data
  const { from, to } = plotOf(place)
  const most = Math.max(0, ...bars.map(({ parts }) => sumOf(parts)))
  const y = scaleLinear([0, most > 0 ? most : 1], [to, from]).nice(4)
  const ticks = most > 0 ? y.ticks(isWhole && most <= 3 ? most : 2) : [0]
  return group([
    ...ticks.map((tick) => tickOf(format(tick), y(tick))),
    ...bars.flatMap((bar) => partsOf(bar, colours, x, y)),
    most > 0 ? undefined : noteIn(place, nothing),
  ])
}

const GAP = { share: 0.18, most: 6 }
// A few among thousands must be seen, too.
const SMALLEST_PART = 2

function partsOf(
  { from, to, parts }: Bar,
  colours: readonly string[],
  x: TimeScale,
  y: ScaleLinear<number, number>,
): readonly (Svg | undefined)[] {
  const wide = x(to) - x(from)
  const gap = Math.min(GAP.most, wide * GAP.share)
  const across = { x: x(from) + gap / 2, width: Math.max(wide - gap, 1) }
  return parts.map((part, i) => {
    if (part === 0) return undefined
    const base = y(sumOf(parts.slice(0, i)))
    const height = Math.max(base - y(sumOf(parts.slice(0, i + 1))), SMALLEST_PART)
    return element('rect', { ...across, y: base - height, height, fill: colours[i] })
  })
}

/** Returns the figure of an axis of sat, from msat. */
export function axisSat(msat: number): string {
  return shortNumber(BigInt(Math.round(msat)))
}

function sumOf(parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum + part, 0)
}
