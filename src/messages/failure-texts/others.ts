import { EARNS_NOTHING, type FailureText, NOTHING } from './text.ts'

const NOT_LOCAL = 'look for a fault here: refusals of forwards by this node do not bear this code.'
const ONION = 'change anything for one of them. The packet is made by the payer, not by you.'

/** Codes that LND's stream gives rarely or never for forwards, but that people meet elsewhere. */
export const OTHER_TEXTS: Readonly<Record<string, FailureText>> = {
  UNKNOWN: {
    short: 'no reason given',
    means: 'LND gave no detail that it has a name for. Then the wire code beside it counts.',
    does: 'look at the wire code, such as the 15 of 15/0.',
    not: 'guess at balance or fees before that.',
  },
  NO_DETAIL: {
    short: 'wire code says it all',
    means: 'LND has no finer reason. The wire code beside it counts, such as the 12 of 12/1.',
    does: 'look at the wire code.',
    not: 'read it as an error: most refusals for fees come with it.',
  },
  ONION_DECODE: {
    short: 'unreadable payment',
    means:
      'The packet of a payment could not be decoded. LND says it of own payments, never of forwards.',
    does: NOTHING,
    not: EARNS_NOTHING,
  },
  ON_CHAIN_TIMEOUT: {
    short: 'ran out on chain',
    means: 'An own payment ran out and was settled on chain. LND never says it of forwards.',
    does: 'look into the force-close that came with it (lncli pendingchannels).',
    not: 'take it for lack of balance.',
  },
  CHANNEL_DISABLED: {
    short: 'we forward nothing',
    means:
      'LND refuses forwards with this code in one case alone: rejecthtlc is set, so that nothing is forwarded.',
    does: 'take rejecthtlc out of lnd.conf and restart LND, if this node is to route.',
    not: 'enable channels for it: one that is disabled in the graph still forwards what reaches it.',
  },
  RESERVED: {
    short: 'no code at all',
    means: 'The number 0 stands for no code.',
    does: 'look at the detail beside it.',
    not: EARNS_NOTHING,
  },
  INVALID_REALM: {
    short: 'unreadable payment',
    means: 'The packet was of a kind that a node on the way does not know. An old code.',
    does: NOTHING,
    not: ONION,
  },
  INVALID_ONION_VERSION: {
    short: 'unreadable payment',
    means: 'The packet had a version that a node on the way does not know.',
    does: NOTHING,
    not: ONION,
  },
  INVALID_ONION_HMAC: {
    short: 'damaged payment',
    means: 'The checksum of the packet was wrong: damaged, or made with an old key of a node.',
    does: NOTHING,
    not: ONION,
  },
  INVALID_ONION_KEY: {
    short: 'damaged payment',
    means: 'The key of the packet was not valid.',
    does: NOTHING,
    not: ONION,
  },
  REQUIRED_NODE_FEATURE_MISSING: {
    short: 'node lacks a feature',
    means:
      'A node on the way wants a feature that the payer did not use. Your LND does not say it of forwards.',
    does: 'update LND if your own payments meet it.',
    not: NOT_LOCAL,
  },
  REQUIRED_CHANNEL_FEATURE_MISSING: {
    short: 'channel lacks a feature',
    means:
      'A channel on the way wants a feature that the payer did not use. Your LND does not say it of forwards.',
    does: 'update LND if your own payments meet it.',
    not: NOT_LOCAL,
  },
  PERMANENT_NODE_FAILURE: {
    short: 'another node is broken',
    means:
      'A node on the way says that it will not work again. Your LND does not say it of forwards.',
    does: 'nothing; payers avoid that node from then on.',
    not: NOT_LOCAL,
  },
  PERMANENT_CHANNEL_FAILURE: {
    short: 'another channel is gone',
    means:
      'A channel on the way is closed or broken for good. Your LND does not say it of forwards.',
    does: 'nothing; payers avoid that channel from then on.',
    not: NOT_LOCAL,
  },
  INTERNAL_FAILURE: {
    short: 'error inside LND',
    means: "LND's own number for an error inside itself; it is never sent to other nodes.",
    does: "look into LND's log of that minute.",
    not: 'change fees or channels for it.',
  },
  UNKNOWN_FAILURE: {
    short: 'code LND does not know',
    means: "LND's own number for a code of another node that it does not know.",
    does: 'nothing for a few; a newer LND may know it.',
    not: EARNS_NOTHING,
  },
  UNREADABLE_FAILURE: {
    short: 'answer not readable',
    means: 'The error of an own payment could not be decrypted: damaged by a node on the way.',
    does: 'nothing; LND tries other routes.',
    not: EARNS_NOTHING,
  },
}
