import type { Recommendation } from '../analyzer/views.ts'
import { type Channel, receivableMsat } from '../lightning/channel.ts'
import { shortSat } from './format.ts'
import { type Html, html } from './html.ts'

// Forwards move a few per cent between two analyses: that does not make an amount wrong.
const STILL_FITS_PCT = 80n

/**
 * Stands in place of an amount to move in when the channel has since filled up: it was sized for an
 * emptier one, and may have been moved already. Undefined while it still fits.
 */
export function outdatedAdvice(
  recommendation: Recommendation,
  channel: Channel | undefined,
): Html | undefined {
  if (recommendation.type !== 'rebalance_in' || channel === undefined) return undefined
  const room = receivableMsat(channel)
  if (room * 100n >= recommendation.amountMsat * STILL_FITS_PCT) return undefined
  return html`⏳ <b>Balance has come in since the analysis</b>
It advised ${shortSat(recommendation.amountMsat)}; the channel has room for ${shortSat(room)} now. Move nothing in before the next one, within the hour.`
}
