import { describe, expect, it } from 'vitest'
import {
  FAILURE_DETAILS,
  failureClass,
  failureCode,
  failureFamily,
  isKnownFailure,
  WIRE_FAILURES,
} from '../../src/lightning/failure.ts'

const named = (wire: number, detail: number) => failureClass(failureCode(wire, detail))

describe(failureClass, () => {
  it('goes by the detail first: it stays when LND falls back to TEMPORARY_NODE_FAILURE', () => {
    expect(named(15, 6)).toBe('INSUFFICIENT_BALANCE')
    expect(named(19, 6)).toBe('INSUFFICIENT_BALANCE')
  })

  it('goes by the wire code where there is no detail', () => {
    expect(named(12, 1)).toBe('FEE_INSUFFICIENT')
    expect(named(18, 0)).toBe('UNKNOWN_NEXT_PEER')
  })

  it('keeps the number of what it does not know', () => {
    expect(named(15, 4711)).toBe('DETAIL_4711')
    expect(named(500, 1)).toBe('WIRE_500')
    expect(isKnownFailure(15, 4711)).toBe(false)
  })

  it('gives every known detail and code a name of its own', () => {
    const details = Object.keys(FAILURE_DETAILS)
      .map(Number)
      .filter((detail) => detail > 1)
    for (const detail of details) expect(named(15, detail)).toBe(FAILURE_DETAILS[detail])
    for (const wire of Object.keys(WIRE_FAILURES).map(Number)) {
      expect(named(wire, 1)).toBe(WIRE_FAILURES[wire])
    }
  })

  it('never gives a negative code, whatever an enum holds', () => {
    expect(failureCode(-1, -1)).toBeGreaterThanOrEqual(0)
  })
})

describe(failureFamily, () => {
  it.each([
    ['INSUFFICIENT_BALANCE', 'liquidity'],
    ['FEE_INSUFFICIENT', 'fee'],
    ['HTLC_EXCEEDS_MAX', 'limit'],
    ['UNKNOWN_NEXT_PEER', 'peer'],
    ['FORWARDS_DISABLED', 'node'],
    ['DETAIL_4711', 'other'],
  ])('sorts %s under %s', (name, family) => expect(failureFamily(name)).toBe(family))
})
