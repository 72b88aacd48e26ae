/** LND's `routerrpc.FailureDetail`, by number (v0.21). */
export const FAILURE_DETAILS: Readonly<Record<number, string>> = {
  0: 'UNKNOWN',
  1: 'NO_DETAIL',
  2: 'ONION_DECODE',
  3: 'LINK_NOT_ELIGIBLE',
  4: 'ON_CHAIN_TIMEOUT',
  5: 'HTLC_EXCEEDS_MAX',
  6: 'INSUFFICIENT_BALANCE',
  7: 'INCOMPLETE_FORWARD',
  8: 'HTLC_ADD_FAILED',
  9: 'FORWARDS_DISABLED',
  10: 'INVOICE_CANCELED',
  11: 'INVOICE_UNDERPAID',
  12: 'INVOICE_EXPIRY_TOO_SOON',
  13: 'INVOICE_NOT_OPEN',
  14: 'MPP_INVOICE_TIMEOUT',
  15: 'ADDRESS_MISMATCH',
  16: 'SET_TOTAL_MISMATCH',
  17: 'SET_TOTAL_TOO_LOW',
  18: 'SET_OVERPAID',
  19: 'UNKNOWN_INVOICE',
  20: 'INVALID_KEYSEND',
  21: 'MPP_IN_PROGRESS',
  22: 'CIRCULAR_ROUTE',
  23: 'INVOICE_ALREADY_SETTLED',
  24: 'HTLC_INVOICE_TYPE_MISMATCH',
  25: 'AMP_ERROR',
  26: 'AMP_RECONSTRUCTION',
  27: 'EXTERNAL_VALIDATION_FAILED',
}

/** LND's `lnrpc.Failure.FailureCode`, by number: LND's own, not BOLT 4's. */
export const WIRE_FAILURES: Readonly<Record<number, string>> = {
  0: 'RESERVED',
  1: 'INCORRECT_OR_UNKNOWN_PAYMENT_DETAILS',
  2: 'INCORRECT_PAYMENT_AMOUNT',
  3: 'FINAL_INCORRECT_CLTV_EXPIRY',
  4: 'FINAL_INCORRECT_HTLC_AMOUNT',
  5: 'FINAL_EXPIRY_TOO_SOON',
  6: 'INVALID_REALM',
  7: 'EXPIRY_TOO_SOON',
  8: 'INVALID_ONION_VERSION',
  9: 'INVALID_ONION_HMAC',
  10: 'INVALID_ONION_KEY',
  11: 'AMOUNT_BELOW_MINIMUM',
  12: 'FEE_INSUFFICIENT',
  13: 'INCORRECT_CLTV_EXPIRY',
  14: 'CHANNEL_DISABLED',
  15: 'TEMPORARY_CHANNEL_FAILURE',
  16: 'REQUIRED_NODE_FEATURE_MISSING',
  17: 'REQUIRED_CHANNEL_FEATURE_MISSING',
  18: 'UNKNOWN_NEXT_PEER',
  19: 'TEMPORARY_NODE_FAILURE',
  20: 'PERMANENT_NODE_FAILURE',
  21: 'PERMANENT_CHANNEL_FAILURE',
  22: 'EXPIRY_TOO_FAR',
  23: 'MPP_TIMEOUT',
  24: 'INVALID_ONION_PAYLOAD',
  25: 'INVALID_ONION_BLINDING',
  997: 'INTERNAL_FAILURE',
  998: 'UNKNOWN_FAILURE',
  999: 'UNREADABLE_FAILURE',
}

/** What a refusal is about, as operators sort them; `other` earns nothing whatever one does. */
export type FailureFamily = 'liquidity' | 'fee' | 'limit' | 'peer' | 'node' | 'other'

const FAMILIES: Readonly<Record<string, FailureFamily>> = {
  INSUFFICIENT_BALANCE: 'liquidity',
  FEE_INSUFFICIENT: 'fee',
  HTLC_EXCEEDS_MAX: 'limit',
  AMOUNT_BELOW_MINIMUM: 'limit',
  INCORRECT_CLTV_EXPIRY: 'limit',
  UNKNOWN_NEXT_PEER: 'peer',
  LINK_NOT_ELIGIBLE: 'peer',
  HTLC_ADD_FAILED: 'peer',
  FORWARDS_DISABLED: 'node',
  EXPIRY_TOO_SOON: 'node',
  TEMPORARY_NODE_FAILURE: 'node',
  TEMPORARY_CHANNEL_FAILURE: 'node',
}

const NO_DETAIL = 1

/**
 * Returns the number under which refusals of this kind are counted: twice the detail, or, where LND
 * gives no detail (or one that is no number of an enum), twice the wire code plus one. Stable on
 * disk and never negative.
 */
export function failureCode(wireFailure: number, failureDetail: number): number {
  if (failureDetail > NO_DETAIL) return 2 * failureDetail
  return 2 * Math.max(wireFailure, 0) + 1
}

/** Returns the class name of a failure code: LND's own term, or `DETAIL_n` / `WIRE_n` when unknown. */
export function failureClass(code: number): string {
  const number = Math.floor(code / 2)
  if (code % 2 === 1) return WIRE_FAILURES[number] ?? `WIRE_${number}`
  return FAILURE_DETAILS[number] ?? `DETAIL_${number}`
}

/** Returns whether LND's numbers of a link failure are ones that this program knows. */
export function isKnownFailure(wireFailure: number, failureDetail: number): boolean {
  return wireFailure in WIRE_FAILURES && failureDetail in FAILURE_DETAILS
}

/** Returns the family of a failure class. */
export function failureFamily(name: string): FailureFamily {
  // A name that objects have by themselves, such as `constructor`, is none of LND's.
  return (Object.hasOwn(FAMILIES, name) && FAMILIES[name]) || 'other'
}

/** Failure classes by which a stranger may name any channel id: they prove nothing about whose it is. */
const CLASSES_OF_STRANGERS: ReadonlySet<string> = new Set([
  'UNKNOWN_NEXT_PEER',
  'CIRCULAR_ROUTE',
  'FORWARDS_DISABLED',
  'INCOMPLETE_FORWARD',
])

/** Returns whether a refusal of this class can only come from a link of ours. */
export function provesOwnChannel(name: string): boolean {
  return !CLASSES_OF_STRANGERS.has(name)
}

/** Classes by which nothing can have been missed: a payment to itself, and LND's own restart. */
const CLASSES_WITHOUT_MONEY: ReadonlySet<string> = new Set(['CIRCULAR_ROUTE', 'INCOMPLETE_FORWARD'])

/** Returns whether a refusal of this class can have cost anything. */
export function mayHaveCost(name: string): boolean {
  return !CLASSES_WITHOUT_MONEY.has(name)
}

/** Classes that say that the payer knew another policy of ours than the one in force. */
const CLASSES_OF_OTHER_POLICIES: ReadonlySet<string> = new Set([
  'FEE_INSUFFICIENT',
  'AMOUNT_BELOW_MINIMUM',
  'INCORRECT_CLTV_EXPIRY',
])

/** Returns whether a refusal of this class may come from a change of our own policy. */
export function isOfOtherPolicy(name: string): boolean {
  return CLASSES_OF_OTHER_POLICIES.has(name)
}
