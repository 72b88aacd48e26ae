import { z } from 'zod'
import type { ManagedReport } from '../lightning/managed-channel.ts'
import { msatFromSat } from '../lightning/msat.ts'

// Amounts are longs, as texts in lnd-manage's records; a number is taken too where it is exact.
const whole = z.union([z.string().regex(/^-?\d{1,19}$/), z.int()])
const msat = whole.transform((value) => BigInt(value))
const sat = msat.transform((value) => msatFromSat(value))

/**
 * The parts of lnd-manage's ChannelDetailsDto and NodeDetailsDto that this program shows; both have
 * them by the same names. Versions before a part existed leave it out.
 */
const DETAILS = z.object({
  rating: z.object({ rating: whole.transform(Number) }).nullish(),
  warnings: z.array(z.string()).nullish(),
  feeReport: z.object({ earnedMilliSat: msat, sourcedMilliSat: msat }).nullish(),
  flowReport: z
    .object({
      forwardedSentMilliSat: msat,
      forwardedReceivedMilliSat: msat,
      receivedViaPaymentsMilliSat: msat,
    })
    .nullish(),
  onChainCosts: z.object({ openCostsSat: sat, closeCostsSat: sat, sweepCostsSat: sat }).nullish(),
  rebalanceReport: z
    .object({
      sourceCostsMilliSat: msat,
      sourceAmountMilliSat: msat,
      targetCostsMilliSat: msat,
      targetAmountMilliSat: msat,
    })
    .nullish(),
})

type Details = z.infer<typeof DETAILS>

/** Reads the details of a channel or of a peer. @throws Error that names the field that is wrong. */
export function readReport(text: string): ManagedReport {
  const { data, error } = DETAILS.safeParse(readJson(text))
  if (data) return reportFrom(data)
  const issue = error.issues[0]
  throw new Error(`its answer is not as expected at ${issue?.path.join('.') || 'its top'}`)
}

/** Reads an answer that is one whole number, such as an amount in msat. @throws Error. */
export function readWholeNumber(text: string): bigint {
  // Not through JSON: a long may be more than a JavaScript number holds.
  if (/^\s*"?-?\d{1,19}"?\s*$/.test(text)) return BigInt(text.replaceAll('"', '').trim())
  throw new Error('its answer is no whole number')
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('its answer is no JSON')
  }
}

function reportFrom(details: Details): ManagedReport {
  const { rating, warnings, feeReport, flowReport, onChainCosts, rebalanceReport } = details
  return {
    // It gives -1 where it has none.
    rating: rating && rating.rating >= 0 ? rating.rating : undefined,
    warnings: warnings ?? [],
    fees: feeReport
      ? { earnedMsat: feeReport.earnedMilliSat, sourcedMsat: feeReport.sourcedMilliSat }
      : undefined,
    flow: flowReport
      ? {
          forwardedOutMsat: flowReport.forwardedSentMilliSat,
          forwardedInMsat: flowReport.forwardedReceivedMilliSat,
          receivedMsat: flowReport.receivedViaPaymentsMilliSat,
        }
      : undefined,
    onChain: onChainCosts
      ? {
          openMsat: onChainCosts.openCostsSat,
          closeMsat: onChainCosts.closeCostsSat,
          sweepMsat: onChainCosts.sweepCostsSat,
        }
      : undefined,
    rebalances: rebalanceReport
      ? {
          inMsat: rebalanceReport.targetAmountMilliSat,
          inCostMsat: rebalanceReport.targetCostsMilliSat,
          outMsat: rebalanceReport.sourceAmountMilliSat,
          outCostMsat: rebalanceReport.sourceCostsMilliSat,
        }
      : undefined,
  }
}
