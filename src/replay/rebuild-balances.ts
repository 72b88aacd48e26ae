import type { Channel } from '../lightning/channel.ts'
import type { HtlcEvent } from '../lightning/htlc.ts'
import { ChannelBook } from '../stats/channel-book.ts'
import { type Circuit, circuitKey } from '../stats/circuit.ts'
import { Circuits } from '../stats/circuits.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import { OwnPayments } from './own-payments.ts'

/** What a recording moved on a channel; Float64 msat. */
type Moved = { local: number; remote: number }

/**
 * Returns the channels as they were when the recording began: the snapshot of its end, with every
 * settled forward and payment of our own taken back. What the stream gives no amount of (receipts,
 * on-chain fees) stays in; balances are clamped to 0 … capacity.
 */
export function rebuildBalances(
  channels: readonly Channel[],
  events: readonly HtlcEvent[],
): Channel[] {
  const book = new ChannelBook(Math.max(1, events.length + channels.length), SILENT)
  book.update(channels, 0)
  const moved = replayMoves(book, events)
  return channels.map((channel) => {
    const own = book.get(channel.scid)
    const { local, remote } = (own && moved.get(own)) ?? { local: 0, remote: 0 }
    return {
      ...channel,
      localMsat: clamp(Number(channel.localMsat) - local, channel),
      remoteMsat: clamp(Number(channel.remoteMsat) - remote, channel),
      // What was on its way at the end was not when it began.
      pendingHtlcs: [],
      unsettledMsat: 0n,
      // Nor does who was away at the end have to have been so all along.
      active: true,
    }
  })
}

const SILENT = { opened: () => undefined, removed: () => undefined }

function replayMoves(book: ChannelBook, events: readonly HtlcEvent[]): Map<OwnChannel, Moved> {
  const moved = new Map<OwnChannel, Moved>()
  const move = (own: OwnChannel, local: number, remote: number): void => {
    const sums = moved.get(own) ?? { local: 0, remote: 0 }
    moved.set(own, { local: sums.local + local, remote: sums.remote + remote })
  }
  const circuits = new Circuits(book, () => undefined)
  const payments = new OwnPayments()
  for (const event of events) {
    const paid = payments.settled(event)
    if (paid) move(book.own(paid.outgoing), -paid.msat, paid.msat)
    const outcome = circuits.join(event, event.at)
    if (outcome.kind === 'settled') moveForward(move, outcome.circuit)
  }
  // What the snapshot holds in flight is in neither of its balances; another's end was never told.
  for (const circuit of circuits.inFlight) {
    if (!isHeld(circuit)) continue
    move(circuit.outgoing, -circuit.outgoingMsat, 0)
    move(circuit.incoming, 0, -circuit.incomingMsat)
  }
  return moved
}

function isHeld({ key, incoming }: Circuit): boolean {
  return (incoming.channel?.pendingHtlcs ?? []).some(
    (htlc) => htlc.incoming && circuitKey(incoming, htlc.htlcId) === key,
  )
}

function moveForward(
  move: (own: OwnChannel, local: number, remote: number) => void,
  { incoming, outgoing, incomingMsat, outgoingMsat }: Circuit,
): void {
  move(outgoing, -outgoingMsat, outgoingMsat)
  move(incoming, incomingMsat, -incomingMsat)
}

function clamp(msat: number, { capacityMsat }: Channel): bigint {
  return BigInt(Math.round(Math.min(Math.max(msat, 0), Number(capacityMsat))))
}
