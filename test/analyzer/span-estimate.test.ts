import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runToEnd } from '../../src/analyzer/estimate.ts'
import { SpanSums } from '../../src/analyzer/span-estimate.ts'
import { demand } from '../support/cases.ts'

const MSAT = fc.double({ min: 0, max: 1e12, noNaN: true })
const FOLDED = fc.record({ expectedMsat: MSAT, variance: MSAT })

describe(SpanSums, () => {
  it('has every expectation inside its interval, whatever the draws say', () => {
    fc.assert(
      fc.property(MSAT, MSAT, MSAT, fc.option(FOLDED), (expectedMsat, a, b, folded) => {
        const sums = new SpanSums(1)
        const one = demand({ failure: 'FEE_INSUFFICIENT' })
        sums.add({ ...one, expectedMsat }, 0, 1)
        const { asked, peer } = one.demand
        const old = { asked, isLiquidity: false, day: 0, demands: 1, attempts: 1, failureCode: 1 }
        if (folded) sums.addFolded({ ...old, ...folded }, peer)
        const drawn = { low: Math.min(a, b), high: Math.max(a, b) }
        const found = runToEnd(sums.estimate(0, 1, [drawn, drawn]))
        const other = found.channels.get(asked)?.other
        if (other === undefined) throw new Error('the channel is not there')
        expect(other.lowMsat).toBeLessThanOrEqual(other.expectedMsat)
        expect(other.highMsat).toBeGreaterThanOrEqual(other.expectedMsat)
      }),
    )
  })
})
