import { describe, expect, it } from 'vitest'
import { FAILURE_DETAILS, WIRE_FAILURES } from '../../src/lightning/failure.ts'
import { failureBlock, failureText } from '../../src/messages/failures.ts'
import { message } from '../../src/messages/message.ts'
import { expectValid } from '../support/telegram-html.ts'

// What LND sends on the stream for forwards: failure table of its `htlcswitch`.
const FORWARD_TERMS = [
  'INSUFFICIENT_BALANCE',
  'HTLC_EXCEEDS_MAX',
  'FEE_INSUFFICIENT',
  'AMOUNT_BELOW_MINIMUM',
  'INCORRECT_CLTV_EXPIRY',
  'EXPIRY_TOO_SOON',
  'EXPIRY_TOO_FAR',
  'UNKNOWN_NEXT_PEER',
  'LINK_NOT_ELIGIBLE',
  'FORWARDS_DISABLED',
  'CIRCULAR_ROUTE',
  'TEMPORARY_CHANNEL_FAILURE',
  'TEMPORARY_NODE_FAILURE',
  'HTLC_ADD_FAILED',
  'INCOMPLETE_FORWARD',
  'INVALID_ONION_PAYLOAD',
  'INVALID_ONION_BLINDING',
]

describe(failureText, () => {
  it.each(FORWARD_TERMS)('has words of its own for %s', (term) => {
    expect(failureText(term)).not.toBe(failureText('DETAIL_99'))
  })

  it('explains every class, known or not, within a phone’s line and with advice', async () => {
    const terms = [...Object.values(FAILURE_DETAILS), ...Object.values(WIRE_FAILURES), 'WIRE_77']
    for (const term of terms) {
      const { short, means, does, not } = failureText(term)
      expect(short.length, short).toBeLessThanOrEqual(23)
      for (const sentence of [means, does, not]) {
        expect(sentence.length, sentence).toBeLessThanOrEqual(160)
        expect(sentence).toMatch(/\.$/)
      }
      expectValid(message(failureBlock(term, '3')))
    }
    const blocks = [...FORWARD_TERMS, 'UNKNOWN_INVOICE', 'INVOICE_NOT_OPEN', 'DETAIL_99'].map(
      (term) => failureBlock(term, '3').markup,
    )
    await expect(blocks.join('\n\n')).toMatchFileSnapshot('snapshots/failures.html')
  })

  it('takes no name that objects have for a class', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'valueOf']) {
      expect(failureText(name)).toBe(failureText('DETAIL_99'))
      expectValid(message(failureBlock(name, '3')))
    }
  })

  it('never advises to lower a fee because of refusals', () => {
    for (const term of FORWARD_TERMS) expect(failureText(term).does).not.toMatch(/lower|cut/)
  })
})
