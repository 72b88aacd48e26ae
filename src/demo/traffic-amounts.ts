import { logNormal } from './random.ts'
import type { Habits } from './traffic-habits.ts'
import type { Flow } from './traffic-plan.ts'
import type { WorldStage } from './world-stage.ts'

const MINUTE = 60_000
const LARGEST_MSAT = 16_000_000_000

/** Returns how long the recipient holds a payment that has arrived whole: hold invoices do for long. */
export function holdMs(stage: WorldStage, key: string): number {
  const isHeld = stage.draw(key, 'hold invoice') < 0.012
  return isHeld ? logNormal(stage.draw(key, 'held for'), 12 * MINUTE, 1) : 30
}

/** Returns the amount in msat that somebody pays on a flow; half of the people choose round ones. */
export function amountOf(stage: WorldStage, flow: Flow, key: string): number {
  const sat = logNormal(stage.draw(key, 'amount'), flow.medianSat, flow.sigma)
  const digits = stage.draw(key, 'round') < 0.5 ? 2 : 5
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(sat, 1))) + 1 - digits)
  const rounded = Math.max(1, Math.round(sat / step) * step)
  return Math.min(Math.floor(rounded) * 1000, LARGEST_MSAT)
}

/** Returns the amounts in msat in which a payment starts out: whole, or in parts. */
export function partsOf(
  stage: WorldStage,
  { share, leastMsat, mostParts, unevenShare }: Habits['multiPart'],
  key: string,
  amountMsat: number,
): readonly number[] {
  if (amountMsat < leastMsat || stage.draw(key, 'multi-part') > share) return [amountMsat]
  const parts = 2 + Math.floor(stage.draw(key, 'parts') * (mostParts - 1))
  const isUneven = stage.draw(key, 'uneven') < unevenShare
  const weights = Array.from({ length: parts }, (_, i) =>
    isUneven ? 0.4 + 1.2 * stage.draw(key, i, 'part') : 1,
  )
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => Math.floor((amountMsat * weight) / total))
}

/** Returns in msat what the nodes after us ask for: a little more or less by another route. */
export function laterFees(
  stage: WorldStage,
  payment: string,
  key: string,
  amountMsat: number,
): number {
  const usual = 2_000 * stage.draw(payment, 'later fees')
  const isOther = stage.draw(key, 'other route') < 0.35
  const ppm = isOther ? usual * (0.6 + 0.8 * stage.draw(key, 'later fees')) : usual
  return Math.floor((amountMsat * ppm) / 1_000_000)
}
