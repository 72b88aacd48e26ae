const NS_PER_MS = 1e6
// 2^32 ns are 4,294 ms and 967,296 ns.
const MS_PER_HIGH = 4294
const NS_PER_HIGH = 967296

/**
 * Returns the epoch milliseconds of a time in ns given as the two unsigned 32-bit halves of a
 * uint64. A double of ns would be 0.1 µs off, and so whole milliseconds not whole; this is not.
 */
export function millisFromHalves(high: number, low: number): number {
  return high * MS_PER_HIGH + (high * NS_PER_HIGH + low) / NS_PER_MS
}

/** Returns the epoch milliseconds of a time in ns: the same number as `millisFromHalves`. */
export function millisFromNs(ns: bigint): number {
  return millisFromHalves(Number(ns >> 32n), Number(ns & 0xffffffffn))
}
