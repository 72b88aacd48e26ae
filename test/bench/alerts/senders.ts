import type { Random } from './random.ts'

/** One attempt of a sender: when (epoch ms), through which channel, for how much. */
export type Attempt = { at: number; incoming: number; outgoingMsat: number }

const SECOND = 1_000
const MINUTE = 60 * SECOND

// Of all demands 60 % are tried once, 37 % a few times, 3 % hammer.
const ONCE = 0.6
const FEW = 0.97
// A retry that nobody could tell from a new buyer: another amount through another neighbour.
const LOOKS_NEW = 0.03

/**
 * Returns an amount as buyers pay, two thirds between 7,000 and 370,000 sat, from tips to refills of
 * millions: half of them whole sats, the others with fees of later hops.
 */
export function drawAmount(random: Random): number {
  const sat = Math.max(1, Math.round(50_000 * Math.exp(2 * random.normal())))
  return random.next() < 0.5 ? sat * 1000 : sat * 1000 + random.whole(1, 999)
}

/** Returns the attempts of one buyer who comes at a time by a neighbour, the first one included. */
export function attemptsOf(
  random: Random,
  first: Attempt,
  otherNeighbour: () => number,
): Attempt[] {
  const attempts = [first]
  const kind = random.next()
  if (kind < ONCE) return attempts
  if (kind < FEW) retryAFewTimes(random, attempts, first, otherNeighbour)
  else hammer(random, attempts, first)
  return attempts
}

function retryAFewTimes(
  random: Random,
  attempts: Attempt[],
  first: Attempt,
  otherNeighbour: () => number,
): void {
  let { at } = first
  for (let left = random.whole(1, 4); left > 0; left--) {
    at += Math.min(5 * MINUTE, random.exponential(20 * SECOND))
    attempts.push(retry(random, first, at, otherNeighbour))
  }
}

function retry(
  random: Random,
  { incoming, outgoingMsat }: Attempt,
  at: number,
  otherNeighbour: () => number,
): Attempt {
  const kind = random.next()
  if (kind < LOOKS_NEW) return { at, incoming: otherNeighbour(), outgoingMsat: drawAmount(random) }
  if (kind < 0.45) return { at, incoming, outgoingMsat }
  if (kind < 0.72) return { at, incoming, outgoingMsat: near(random, outgoingMsat, 0.005) }
  if (kind < 0.82) return { at, incoming, outgoingMsat: near(random, outgoingMsat / 2, 0.003) }
  if (kind < 0.88) return { at, incoming, outgoingMsat: near(random, outgoingMsat / 4, 0.003) }
  return { at, incoming: otherNeighbour(), outgoingMsat }
}

function hammer(random: Random, attempts: Attempt[], first: Attempt): void {
  const count = random.whole(10, 100)
  const length = random.between(2, 20) * MINUTE
  const isEqual = random.next() < 0.5
  for (let i = 1; i < count; i++) {
    const outgoingMsat = isEqual ? first.outgoingMsat : near(random, first.outgoingMsat, 0.005)
    const at = first.at + (length * (i + random.next())) / count
    attempts.push({ ...first, at, outgoingMsat })
  }
}

function near(random: Random, msat: number, share: number): number {
  return Math.max(1, Math.round(msat * (1 + random.between(-share, share))))
}

/** Returns the attempts of one who searches for the amount that passes, through one channel. */
export function amountSearch(random: Random, at: number, incoming: number): Attempt[] {
  const attempts: Attempt[] = []
  let [low, high] = [0, drawAmount(random) * 10]
  const target = high * random.next()
  for (let left = random.whole(8, 20); left > 0; left--) {
    const outgoingMsat = Math.max(1, Math.round((low + high) / 2))
    attempts.push({ at, incoming, outgoingMsat })
    if (outgoingMsat > target) high = outgoingMsat
    else low = outgoingMsat
    at += random.between(3, 40) * SECOND
  }
  return attempts
}
