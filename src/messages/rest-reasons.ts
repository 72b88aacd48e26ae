import type { RestReason } from '../analyzer/views.ts'

/** Why nothing is to be done, or not yet: in a few words, and as a sentence. */
export type RestText = { short: string; why: string }

/** Returns the words for a reason to rest. */
export function restText(reason: RestReason): RestText {
  return TEXTS[reason]
}

const TEXTS: Readonly<Record<RestReason, RestText>> = {
  'no-refusals': { short: 'nothing refused', why: 'Nothing that asked for it was turned away.' },
  served: {
    short: 'served after all',
    why: 'What was refused came again and got through, here or by another channel to this peer.',
  },
  downstream: {
    short: 'fails further on',
    why: 'Payments to this peer mostly fail beyond it: with balance here they would have failed, too.',
  },
  probes: {
    short: 'mostly probes',
    why: 'Amounts are tried one after the other and hardly ever paid: probes earn nothing.',
  },
  'one-whale': {
    short: 'one large payment',
    why: 'One payment makes up nearly all of it. It may never come again.',
  },
  'not-worth-it': {
    short: 'not worth a step',
    why: 'What it could earn would not pay for the step.',
  },
  closed: { short: 'closed', why: 'The channel is closed.' },
  'fee-just-changed': {
    short: 'your fee just changed',
    why: 'Payers still use the old fee. They learn the new one by themselves, within a day.',
  },
  transient: {
    short: 'short for a moment',
    why: 'It lacked balance for moments only and has enough now.',
  },
  'peer-was-away': {
    short: 'peer was offline',
    why: 'The peer was offline or gave no answer for a while. Balance would not have helped.',
  },
  'stale-policies': {
    short: 'old fees in use',
    why: 'Payers use an old copy of your fee or limits. If it goes on, change them less often.',
  },
  'node-trouble': {
    short: 'trouble at the node',
    why: 'The node itself refused: see /status and its log. No channel is to blame.',
  },
  'same-peer': {
    short: 'its twin has balance',
    why: 'Another channel to this peer has the balance now: LND sends by whichever can carry it.',
  },
  'max-follows-balance': {
    short: 'max_htlc follows balance',
    why: 'Your max_htlc is set by the balance: what exceeds it lacks balance, not the limit.',
  },
}
