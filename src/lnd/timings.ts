/** How long things take and may take, in ms. Tests pass short ones. */
export type LndTimings = {
  /** The longest wait before the first retry; it doubles from there. */
  firstRetryMs: number
  maxRetryMs: number
  /** Between retries where only a person can help: a wrong macaroon, an LND too old. */
  slowRetryMs: number
  /** Between questions to the State service while LND is not ready. */
  statePollMs: number
  /** An ordinary unattended start is "locked" for a second or two: it is called so after this. */
  lockedGraceMs: number
  /** Between the watchdog's questions, and how long one may take. */
  watchdogMs: number
  watchdogDeadlineMs: number
  /** Of every other call. LND takes seconds to list thousands of channels. */
  callDeadlineMs: number
  /** HTTP/2 pings: LND since 0.17 permits one every 5 s; without them a dead path stays silent. */
  keepaliveMs: number
  keepaliveTimeoutMs: number
  /** LND before 0.17 has grpc-go's default and hangs up on pings more frequent than every 5 min. */
  oldKeepaliveMs: number
  /** `permissions()`: a stream that has not been refused after this time is permitted. */
  streamProbeMs: number
}

export const DEFAULT_TIMINGS: LndTimings = {
  firstRetryMs: 250,
  maxRetryMs: 60_000,
  slowRetryMs: 60_000,
  statePollMs: 1_000,
  lockedGraceMs: 30_000,
  watchdogMs: 60_000,
  watchdogDeadlineMs: 20_000,
  callDeadlineMs: 30_000,
  keepaliveMs: 30_000,
  keepaliveTimeoutMs: 20_000,
  oldKeepaliveMs: 330_000,
  streamProbeMs: 1_000,
}
