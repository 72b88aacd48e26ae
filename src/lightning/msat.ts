/**
 * Amounts. At every interface money is a bigint of millisatoshi (msat); inside the hot records and
 * columns of `stats/` it is a Float64 of msat, exact up to 2^53 msat = 90,071 BTC.
 */
export const MSAT_PER_SAT = 1000n

/** The largest amount in msat that a Float64 column holds exactly. */
export const MAX_EXACT_MSAT = Number.MAX_SAFE_INTEGER

/** Returns the msat of an amount in sat, as LND's channel fields give it. */
export function msatFromSat(sat: bigint | number | string): bigint {
  return BigInt(sat) * MSAT_PER_SAT
}

/**
 * Returns the bigint of a Float64 msat column: exact up to 2^53; beyond, where only strangers who
 * ask for more than exists can bring a sum, as near as a double is.
 * @throws RangeError when the value is not a whole number.
 */
export function msatFromFloat(value: number): bigint {
  if (!Number.isInteger(value)) throw new RangeError(`not an amount of msat: ${value}`)
  return BigInt(value)
}

/** Returns a fee as parts per million of the amount forwarded, or 0 when nothing was. */
export function ppmOf(feeMsat: bigint, amountMsat: bigint): number {
  return amountMsat === 0n ? 0 : Number((feeMsat * 1_000_000n) / amountMsat)
}
