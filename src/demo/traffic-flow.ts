import type { PeerName } from './world-channels.ts'

/** Who pays whom through us: neighbours that bring the HTLCs (by weight) and the peer that they ask for. */
export type Flow = {
  from: readonly (readonly [PeerName, number])[]
  to: PeerName
  /** Payments and probes a day, before anyone avoids us. */
  perDay: number
  medianSat: number
  /** Deviation of the logarithm of the amounts. */
  sigma: number
  /** Nobody ever pays on it: someone measures what we could forward. */
  isProbing?: boolean
}

/** A stream of arrivals: its key, how many a day, and what one of them does. */
export type Arrivals = { key: string; perDay: number; start(key: string): void }
