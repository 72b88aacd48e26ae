/** What a draw may be keyed by: names of payments and purposes, and numbers of parts and attempts. */
export type Key = string | number

const SEPARATOR = 0x1f

/**
 * Returns a number in [0, 1) that depends on the seed and the keys alone, never on what was drawn
 * before: the same payment meets the same fate whatever else has changed in the world.
 */
export function draw(seed: number, ...keys: readonly Key[]): number {
  let high = 0x41c6ce57 ^ seed
  let low = 0xdeadbeef ^ seed
  for (const key of keys) {
    const text = String(key)
    for (let i = 0; i <= text.length; i++) {
      const code = i < text.length ? text.charCodeAt(i) : SEPARATOR
      low = Math.imul(low ^ code, 2654435761)
      high = Math.imul(high ^ code, 1597334677)
    }
  }
  low = avalanche(low) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  high = avalanche(high) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  return (4294967296 * (2097151 & high) + (low >>> 0)) / 2 ** 53
}

/** Returns an exponentially distributed value of the given mean. */
export function exponential(u: number, mean: number): number {
  return -Math.log(1 - u) * mean
}

/** Returns a log-normally distributed value; `sigma` is the deviation of its logarithm. */
export function logNormal(u: number, median: number, sigma: number): number {
  return median * Math.exp(sigma * normal(u))
}

/** Things with the weights by which one of them is picked. */
export type Weights<T> = readonly (readonly [T, number])[]

/**
 * Returns one of the items by their weights.
 * @throws RangeError when there are none.
 */
export function pickWeighted<T>(u: number, items: Weights<T>): T {
  const total = items.reduce((sum, [, weight]) => sum + weight, 0)
  let rest = u * total
  for (const [item, weight] of items) {
    rest -= weight
    if (rest < 0) return item
  }
  const last = items.at(-1)
  if (!last) throw new RangeError('nothing to pick from')
  return last[0]
}

/** Returns one of the items, all equally likely; undefined when there are none. */
export function pick<T>(u: number, items: readonly T[]): T | undefined {
  return items[Math.floor(u * items.length)]
}

function avalanche(value: number): number {
  return Math.imul(value ^ (value >>> 16), 2246822507)
}

// The logistic distribution scaled to the normal's variance near the middle (Bowling et al. 2009):
// within 0.01 of the normal's distribution function, and its slightly heavier tails do no harm.
function normal(u: number): number {
  const clamped = Math.min(Math.max(u, 1e-9), 1 - 1e-9)
  return Math.log(clamped / (1 - clamped)) / 1.702
}
