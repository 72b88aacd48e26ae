import { EARNS_NOTHING, type FailureText, NOTHING } from './text.ts'

/** Refusals of forwards, as LND's stream names them. */
export const FORWARD_TEXTS: Readonly<Record<string, FailureText>> = {
  INSUFFICIENT_BALANCE: {
    short: 'too little to send',
    means: 'Our side of every channel to this peer held too little. The fee offered was enough.',
    does: 'move sats into the channel if its fees pay for that, or raise its fee: what is scarce may cost more.',
    not: 'lower the fee. It turned nobody away here, and the channel would empty sooner.',
  },
  HTLC_EXCEEDS_MAX: {
    short: 'above our max_htlc',
    means:
      'The payment was larger than the max_htlc that we announce. Where a tool sets max_htlc by the balance, this is lack of balance.',
    does: 'raise max_htlc if the channel can send more than it allows.',
    not: 'raise it above what the channel can send: then the same payments fail for lack of balance.',
  },
  FEE_INSUFFICIENT: {
    short: 'offered too low a fee',
    means:
      'The payer offered less than we ask, mostly because it has an old copy of our fee, or ignores our inbound fee. It says nothing about balance.',
    does: 'nothing, if our fee changed within the last hours: LND has no grace period. If it goes on, change fees less often.',
    not: 'cut the fee for these: they do not say that it is too high.',
  },
  AMOUNT_BELOW_MINIMUM: {
    short: 'below our min_htlc',
    means: 'The payment was smaller than the min_htlc that we announce for this channel.',
    does: 'usually nothing: payments this small earn next to nothing.',
    not: 'set min_htlc to nearly zero: dust then takes the slots of paying HTLCs.',
  },
  INCORRECT_CLTV_EXPIRY: {
    short: 'time lock too short',
    means: 'The payer left us fewer blocks than our time_lock_delta, mostly after it was changed.',
    does: 'nothing; payers learn the new value within a day.',
    not: 'shorten time_lock_delta for these: it is your time to save money in a force-close.',
  },
  UNKNOWN_NEXT_PEER: {
    short: 'peer was offline',
    means: 'LND had no link to this channel: the peer was offline, or the channel is closing.',
    does: 'see whether the peer is connected (lncli listpeers) and connect it again.',
    not: 'move sats into the channel or change its fee: while the peer is away neither helps.',
  },
  LINK_NOT_ELIGIBLE: {
    short: 'channel not ready',
    means:
      'The peer was connected, but the channel was not ready: just after a reconnect, or about to close.',
    does: 'nothing after a restart. If it lasts, disconnect the peer and connect it again.',
    not: 'force-close for a few minutes of this.',
  },
  HTLC_ADD_FAILED: {
    short: 'channel took no more',
    means:
      'All slots or the value limit of the channel were taken, or the peer did not answer for a minute. LND gives no amount with it.',
    does: 'if HTLCs in flight are shown above, compare them with their limit. Connect a peer that hangs again; raise min_htlc against dust.',
    not: 'add balance before looking: lack of it is rarely the reason.',
  },
  FORWARDS_DISABLED: {
    short: 'we forward nothing',
    means: 'LND is set to refuse every forward (rejecthtlc).',
    does: 'take rejecthtlc out of lnd.conf and restart LND, if this node is to route.',
    not: 'look at fees or balances: nothing passes while it is set.',
  },
  EXPIRY_TOO_SOON: {
    short: 'expired on arrival',
    means:
      'The payment would have expired within three blocks. Many at once: our view of the chain, or theirs, is behind.',
    does: 'see synced_to_chain in lncli getinfo.',
    not: 'change fees or channels for it.',
  },
  EXPIRY_TOO_FAR: {
    short: 'locked for too long',
    means: 'The payment would have locked our sats for more than 2,016 blocks, two weeks.',
    does: 'nothing; LND protects you here.',
    not: EARNS_NOTHING,
  },
  TEMPORARY_CHANNEL_FAILURE: {
    short: 'dust limit or link gone',
    means:
      "The channel it came in by had reached LND's limit for tiny payments in flight, or had just gone. LND does not say which.",
    does: 'nothing for a few. Many: somebody floods that channel with dust; raise min_htlc there.',
    not: 'take it for lack of balance, which has a name of its own.',
  },
  TEMPORARY_NODE_FAILURE: {
    short: 'error inside LND',
    means: 'LND failed inside, or could not look up our own policy. The true reason is lost.',
    does: "look into LND's log of that minute if there are many.",
    not: 'change fees or channels for it.',
  },
  INCOMPLETE_FORWARD: {
    short: 'LND restarted midway',
    means: 'LND was restarted while the payment was on its way through.',
    does: 'nothing; the payer tries again.',
    not: 'count it as demand that you missed.',
  },
  CIRCULAR_ROUTE: {
    short: 'in and out the same way',
    means: 'The payment was to leave by the channel that it came in by.',
    does: NOTHING,
    not: EARNS_NOTHING,
  },
  INVALID_ONION_PAYLOAD: {
    short: 'unreadable payment',
    means: "The payer's instructions for our hop could not be read.",
    does: NOTHING,
    not: EARNS_NOTHING,
  },
  INVALID_ONION_BLINDING: {
    short: 'unreadable payment',
    means: 'An instruction of a hidden (blinded) route could not be read.',
    does: NOTHING,
    not: EARNS_NOTHING,
  },
}
