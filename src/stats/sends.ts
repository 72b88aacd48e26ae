import type { HtlcEvent } from '../lightning/htlc.ts'
import { dropped, MAX_HTLC_ID, type Outcome } from './circuit.ts'
import { MAX_IN_FLIGHT } from './in-flight.ts'
import type { OwnChannel } from './own-channel.ts'
import type { RecentKeys } from './recent-keys.ts'

const SENT_OFF: Outcome = { kind: 'sentOff' }
const REPLAYS = dropped('replays')
const UNMATCHED = dropped('unmatched')
const UNKNOWN = dropped('unknown')

/** Our own payments on their way, by the outgoing pair: all that LND tells of them. */
export class Sends {
  readonly #ended: RecentKeys
  /** The keys, to be saved and put back. */
  readonly keys = new Set<number>()
  /** Payments given up because the cap was reached. */
  lost = 0

  constructor(ended: RecentKeys) {
    this.#ended = ended
  }

  /** Takes in one event of a payment of our own. */
  join(event: HtlcEvent, outgoing: OwnChannel): Outcome {
    const key = sendKey(outgoing, event.outgoingHtlcId)
    switch (event.kind) {
      case 'forward':
        // LND gives an outgoing pair again after a restart.
        this.#ended.delete(key)
        if (this.keys.size >= MAX_IN_FLIGHT) this.#loseAll()
        this.keys.add(key)
        return SENT_OFF
      case 'linkFail':
        return { kind: 'own', what: 'sendFailed' }
      case 'settle':
      case 'forwardFail':
        return this.#resolve(key, event.kind === 'settle' ? 'sent' : 'sendFailed')
      default:
        return UNKNOWN
    }
  }

  #resolve(key: number, what: 'sent' | 'sendFailed'): Outcome {
    if (this.#ended.has(key)) return REPLAYS
    this.#ended.add(key)
    return this.keys.delete(key) ? { kind: 'own', what } : UNMATCHED
  }

  #loseAll(): void {
    this.lost += this.keys.size
    this.keys.clear()
  }
}

// These keys share the set of ended keys with incoming ones; negative numbers keep them apart.
function sendKey(outgoing: OwnChannel, htlcId: number): number {
  return -(outgoing.serial * MAX_HTLC_ID + htlcId)
}
