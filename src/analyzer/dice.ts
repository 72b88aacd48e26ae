/** Dice of a fixed seed: the same analysis of the same memory gives the same interval. */
export type Dice = {
  /** 32 random bits, as an unsigned number. */
  bits(): number
  /** Goes on as if so many bits() had been rolled. */
  skip(rolls: number): void
  /** A number in [0, 1). */
  uniform(): number
  /** A standard normal number. */
  normal(): number
}

const TURN = 2 * Math.PI

/** Makes dice by the generator mulberry32, of period 2^32: an analysis rolls some 24 million times. */
export function createDice(seed: number): Dice {
  // A signed number of 32 bits: an unsigned one would be allocated anew at every roll.
  let state = seed | 0
  const bits = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const skip = (rolls: number): void => {
    state = (state + Math.imul(rolls, 0x6d2b79f5)) | 0
  }
  const uniform = (): number => bits() / 2 ** 32
  // Box and Muller; 1 − u is never 0.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(TURN * uniform())
  return { bits, skip, uniform, normal }
}

/**
 * Returns P(a standard normal number ≤ z), within 7.5·10⁻⁸ (Abramowitz and Stegun 26.2.17).
 */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const density = Math.exp((-z * z) / 2) / Math.sqrt(TURN)
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = density * series
  return z >= 0 ? 1 - tail : tail
}
