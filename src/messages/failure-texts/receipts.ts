import type { FailureText } from './text.ts'

const DOES = 'nothing; the payer is told and tries again.'
const NOT = 'count it as routing that you missed: it was a payment to this node.'

/** Refusals of payments to this node, as LND's invoice registry names them: never of forwards. */
export const RECEIPT_TEXTS: Readonly<Record<string, FailureText>> = {
  UNKNOWN_INVOICE: {
    short: 'no such invoice here',
    means: 'A payment to this node for an invoice that it never made: somebody is probing.',
    does: 'nothing; probes are how payers find routes.',
    not: 'count it as money missed.',
  },
  INVOICE_CANCELED: {
    short: 'invoice was canceled',
    means: 'A payment to this node for an invoice that was canceled or had expired.',
    does: 'make a new invoice if you still want the payment.',
    not: NOT,
  },
  INVOICE_ALREADY_SETTLED: {
    short: 'invoice paid before',
    means: 'A payment to this node for an invoice that was paid already.',
    does: 'nothing; an invoice is paid once.',
    not: NOT,
  },
  INVOICE_NOT_OPEN: {
    short: 'invoice not open',
    means:
      'A payment to this node for an invoice that takes no payment any more, mostly paid before.',
    does: 'nothing; an invoice is paid once.',
    not: NOT,
  },
  INVOICE_UNDERPAID: {
    short: 'less than the invoice',
    means: 'A payment to this node was smaller than its invoice asks for.',
    does: DOES,
    not: NOT,
  },
  INVOICE_EXPIRY_TOO_SOON: {
    short: 'too late for invoice',
    means: 'A payment to this node left too few blocks to claim it safely.',
    does: 'see synced_to_chain in lncli getinfo if there are many.',
    not: NOT,
  },
  MPP_INVOICE_TIMEOUT: {
    short: 'parts did not all come',
    means:
      'A payment to this node in several parts was not complete in time, so all parts were returned.',
    does: 'get more inbound if payments to you often stay incomplete.',
    not: NOT,
  },
  MPP_TIMEOUT: {
    short: 'parts did not all come',
    means:
      'What the payer is told when the parts of a payment to this node were not complete in time.',
    does: 'get more inbound if payments to you often stay incomplete.',
    not: NOT,
  },
  MPP_IN_PROGRESS: {
    short: 'parts still coming',
    means:
      'A payment to this node came while an earlier one for the same invoice was still coming in parts.',
    does: DOES,
    not: NOT,
  },
  ADDRESS_MISMATCH: {
    short: 'wrong payment secret',
    means:
      'A payment to this node bore another secret than its invoice: a mistake, or somebody probing.',
    does: 'nothing; probes are how payers find routes.',
    not: NOT,
  },
  SET_TOTAL_MISMATCH: {
    short: 'parts disagree on total',
    means: 'The parts of a payment to this node named different totals.',
    does: DOES,
    not: NOT,
  },
  SET_TOTAL_TOO_LOW: {
    short: 'parts’ total too low',
    means: 'The parts of a payment to this node named a total below its invoice.',
    does: DOES,
    not: NOT,
  },
  SET_OVERPAID: {
    short: 'parts came to too much',
    means: 'The parts of a payment to this node came to more than the total that they named.',
    does: DOES,
    not: NOT,
  },
  INVALID_KEYSEND: {
    short: 'keysend not readable',
    means: 'A keysend payment to this node (without an invoice) did not carry a key that fits.',
    does: DOES,
    not: NOT,
  },
  HTLC_INVOICE_TYPE_MISMATCH: {
    short: 'other kind of invoice',
    means: 'A payment to this node was of another kind (AMP or not) than its invoice.',
    does: DOES,
    not: NOT,
  },
  AMP_ERROR: {
    short: 'AMP payment invalid',
    means: 'An AMP payment to this node (in parts without one common hash) was not valid.',
    does: DOES,
    not: NOT,
  },
  AMP_RECONSTRUCTION: {
    short: 'AMP parts do not fit',
    means: 'The parts of an AMP payment to this node did not fit together.',
    does: DOES,
    not: NOT,
  },
  EXTERNAL_VALIDATION_FAILED: {
    short: 'refused by a program',
    means: 'A program that judges payments to this node for LND said no.',
    does: 'look into the log of that program if you did not expect it.',
    not: NOT,
  },
  INCORRECT_OR_UNKNOWN_PAYMENT_DETAILS: {
    short: 'did not fit an invoice',
    means:
      'A payment to this node fitted no open invoice. On purpose LND does not tell the payer more; its detail says more to you.',
    does: 'nothing; mostly it is somebody probing.',
    not: NOT,
  },
  INCORRECT_PAYMENT_AMOUNT: {
    short: 'wrong amount',
    means:
      'A payment to this node had another amount than its invoice. An old code, which LND sends no more.',
    does: DOES,
    not: NOT,
  },
  FINAL_INCORRECT_CLTV_EXPIRY: {
    short: 'altered on the way',
    means: 'A payment to this node arrived with another time lock than its payer set.',
    does: 'nothing for a few. Many from one peer: its software is at fault.',
    not: NOT,
  },
  FINAL_INCORRECT_HTLC_AMOUNT: {
    short: 'altered on the way',
    means: 'A payment to this node arrived with less than its payer meant to send.',
    does: 'nothing for a few. Many from one peer: its software is at fault.',
    not: NOT,
  },
  FINAL_EXPIRY_TOO_SOON: {
    short: 'too late for invoice',
    means:
      'A payment to this node would have expired too soon. An old code, which LND sends no more.',
    does: DOES,
    not: NOT,
  },
}
