import type { Random } from './random.ts'

/** Distinct demands an hour that a channel refuses, and how many of a hundred channels do so. */
export const RATES = [0.01, 0.1, 1, 10, 100, 200] as const
const RATE_SHARES = [0.2, 0.25, 0.3, 0.16, 0.07, 0.02] as const

const HOUR = 60
const DAY = 24 * HOUR

/** A channel of the simulated node: how much it is asked for, by whom, and how that wanders. */
export type SimChannel = {
  index: number
  /** Refused and accepted demands an hour, in the mean. */
  rate: number
  acceptedRate: number
  /** Shape of the day: 1 ± amplitude. */
  amplitude: number
  phase: number
  /** Neighbours that bring demand, with the sum of the weights up to each. */
  neighbours: readonly number[]
  weights: readonly number[]
  /** Logarithms of how demand and the share that fails wander, and of the drift. */
  logDemand: number
  logFailure: number
  drift: number
  timer: { neighbour: number; every: number; from: number } | undefined
}

/** Returns the channels of a world; rates are dealt out by their shares, then shuffled. */
export function drawChannels(random: Random, count: number, hasProbes: boolean): SimChannel[] {
  const rates = dealRates(random, count)
  return rates.map((rate, index) => {
    const failing = random.between(0.15, 0.9)
    const neighbours = Array.from({ length: random.whole(4, 30) }, () =>
      other(random, index, count),
    )
    return {
      index,
      rate,
      acceptedRate: (rate * (1 - failing)) / failing,
      amplitude: random.between(0.2, 0.8),
      phase: 15 + random.between(-2, 2),
      neighbours,
      weights: zipf(neighbours.length, random.between(0.3, 1.5)),
      logDemand: 0,
      logFailure: 0,
      drift: 0,
      timer: hasProbes && random.next() < 0.5 ? drawTimer(random, neighbours) : undefined,
    }
  })
}

/** Moves a channel's wandering on by ten minutes: AR(1) of 6 h and 12 h, and a slow drift. */
export function wander(random: Random, channel: SimChannel): void {
  channel.logDemand = step(random, channel.logDemand, 10 / (6 * HOUR))
  channel.logFailure = step(random, channel.logFailure, 10 / (12 * HOUR))
  channel.drift += 0.03 * Math.sqrt(10 / DAY) * random.normal()
}

/** Returns by how much a channel is busier than usual at a minute, before wandering. */
export function seasonOf(channel: SimChannel, minute: number): number {
  const hour = (minute / HOUR) % 24
  const isWeekend = Math.floor(minute / DAY) % 7 >= 5
  const daily = 1 + channel.amplitude * Math.cos((2 * Math.PI * (hour - channel.phase)) / 24)
  return daily * (isWeekend ? 0.8 : 1)
}

export function drawNeighbour(random: Random, channel: SimChannel): number {
  const u = random.next() * (channel.weights.at(-1) ?? 0)
  const place = channel.weights.findIndex((sum) => u < sum)
  return channel.neighbours[Math.max(0, place)] ?? 0
}

function dealRates(random: Random, count: number): number[] {
  const rates: number[] = []
  let due = 0
  RATES.forEach((rate, i) => {
    due += (RATE_SHARES[i] ?? 0) * count
    while (rates.length < Math.round(due)) rates.push(rate)
  })
  while (rates.length < count) rates.push(1)
  return rates
    .map((rate) => ({ rate, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ rate }) => rate)
}

function other(random: Random, index: number, count: number): number {
  const drawn = random.whole(0, count - 2)
  return drawn >= index ? drawn + 1 : drawn
}

/** Sums of weights 1 / rank^steepness: on many channels one neighbour sends most. */
function zipf(count: number, steepness: number): number[] {
  let sum = 0
  return Array.from({ length: count }, (_, i) => {
    sum += (i + 1) ** -steepness
    return sum
  })
}

function step(random: Random, value: number, share: number): number {
  const kept = Math.exp(-share)
  return value * kept + 0.25 * Math.sqrt(1 - kept * kept) * random.normal()
}

function drawTimer(random: Random, neighbours: readonly number[]): SimChannel['timer'] {
  return {
    neighbour: random.pick(neighbours),
    every: random.whole(3, 30),
    from: random.whole(0, 23),
  }
}
