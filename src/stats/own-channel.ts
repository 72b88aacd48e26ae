import { type Channel, type ChannelPolicies, spendableMsat } from '../lightning/channel.ts'
import type { Scid } from '../lightning/scid.ts'
import { Account } from './account.ts'
import { Balances } from './balances.ts'
import type { Linked } from './recency.ts'

const RECENT_REFUSALS = 5

/** A refusal as it is remembered; Float64 msat. */
export type RememberedRefusal = {
  at: number
  incoming: Scid | undefined
  failure: string
  outgoingMsat: number
  offeredMsat: number
}

/** A change of our own policy on a channel, as it became known. */
export type PolicyChange = {
  /** Epoch ms: LND's own time of the update. */
  at: number
  /** Whether the fee that we ask for forwards going out rose, fell, or stayed. */
  fee: 'raised' | 'lowered' | 'same'
}

/** One of our channels, now or lately: what LND says of it and where its counters are. */
export class OwnChannel implements Linked<OwnChannel> {
  older: OwnChannel | undefined
  newer: OwnChannel | undefined
  readonly scid: Scid
  /** Its place in the book; reused after it is gone. */
  readonly index: number
  /** Never reused: part of the keys of its HTLCs. */
  readonly serial: number
  readonly account: Account
  channel: Channel | undefined
  policies: ChannelPolicies | undefined
  readonly balances = new Balances()
  /** Changes of our own policy, oldest first; see `notePolicies`. */
  policyChanges: PolicyChange[] = []
  /** Epoch ms when policies were last read; undefined before. */
  policiesReadAt: number | undefined
  /** A payer knew another policy of ours than the last that was read. */
  isPolicyDoubted = false
  /** The peer's key and number as `Peers` last gave them; 0 before it was asked. */
  peerKey: string | undefined
  peerId = 0
  closedAt: number | undefined
  /** Epoch ms of the first listing that showed it inactive; undefined while it is active. */
  inactiveSince: number | undefined
  pendingOutgoing = 0
  pendingIncoming = 0
  /** Oldest first. */
  recent: RememberedRefusal[] = []
  gone = false
  /** The second (of epoch) in which it was last made the most recently active. */
  touchedInSecond = 0

  constructor(scid: Scid, index: number, serial: number) {
    this.scid = scid
    this.index = index
    this.serial = serial
    // With the serial: rows of an evicted channel must not be taken out of one that came back.
    this.account = new Account(`${scid}#${serial}`, index)
  }

  remember(refusal: RememberedRefusal): void {
    this.recent.push(refusal)
    if (this.recent.length > RECENT_REFUSALS) this.recent.shift()
  }
}

/** Returns what can be sent now in msat: as listed last, moved by what was forwarded since. */
export function spendableNow({ balances, channel }: OwnChannel): bigint {
  if (balances.spendableMsat !== undefined) return BigInt(Math.round(balances.spendableMsat))
  return channel ? spendableMsat(channel) : 0n
}
