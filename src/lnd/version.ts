// subscribed_event and final_htlc_event came with 0.16.
const OLDEST = [0, 16] as const
// Before 0.17 LND has grpc-go's default for how often a client may ping.
const FIRST_WITH_FREE_PINGS = [0, 17] as const

/** Returns whether LND of this version (`0.18.5-beta commit=…`) can be listened to; also if unsure. */
export function isSupported(version: string): boolean {
  return isAtLeast(version, OLDEST)
}

/** Returns whether LND of this version permits a ping more often than every five minutes. */
export function permitsPings(version: string): boolean {
  return isAtLeast(version, FIRST_WITH_FREE_PINGS)
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const found = /^v?(\d+)\.(\d+)/.exec(version)
  if (!found) return true
  const foundMajor = Number(found[1])
  return foundMajor > major || (foundMajor === major && Number(found[2]) >= minor)
}
