import type { SpikeFacts } from '../../analyzer/reading.ts'
import { failureFamily } from '../../lightning/failure.ts'
import { approx } from '../estimate.ts'
import { failureText } from '../failures.ts'
import { count, counted, duration, percent, shortNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import { type AlertView, doLine } from './alert-text.ts'

const DAY_WORTH_SAYING = 7

/** Returns the figures of a spike; undefined for any other alert. */
export function spikeOf({ alert: { facts } }: AlertView): SpikeFacts | undefined {
  return facts.kind === 'spike' ? facts : undefined
}

/** `ACINQ: 47 payments failed in 15 min (usually 6)`. */
export function spikeHeadline(view: AlertView, who: string, failed = 'failed'): string {
  const spike = spikeOf(view)
  if (spike === undefined) return who
  const within = duration(spike.windowMs)
  const usual = spike.expected < 0.5 ? 'none' : count(spike.expected)
  return `${who}: ${counted(spike.failed, 'payment')} ${failed} in ${within} (usually ${usual})`
}

/** The cause in plain words with LND's term, what to do and what not. */
export function spikeCause(view: AlertView): readonly (Html | undefined)[] {
  const spike = spikeOf(view)
  const term = spike?.mainFailure
  if (spike === undefined || term === undefined) return []
  const { short, does, not } = failureText(term)
  const share = percent(BigInt(Math.round(spike.mainShare * spike.failed)), BigInt(spike.failed))
  return [
    html`Cause: ${short}, ${share} of them <code>${term}</code>`,
    balanceLine(view),
    doLine(does),
    html`Don't ${not}`,
  ]
}

/** Attempts behind the payments, what they may have been worth, how rare it is. */
export function spikeFigures(view: AlertView): Html | undefined {
  const spike = spikeOf(view)
  if (spike === undefined) return undefined
  // What was missed is for lack of balance: it says nothing of a peer that was away.
  const missed = isOfBalance(spike) ? view.about.missed : undefined
  const parts = [
    spike.attempts > spike.failed ? counted(spike.attempts, 'attempt') : undefined,
    missed && missed.expectedMsat > 0n ? `missed ${approx(missed)} in 24 h` : undefined,
    spike.worstInDays !== undefined && spike.worstInDays >= DAY_WORTH_SAYING
      ? `worst in ${count(spike.worstInDays)} days`
      : undefined,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : html`${parts.join(' · ')}`
}

function isOfBalance({ mainFailure }: SpikeFacts): boolean {
  return mainFailure !== undefined && failureFamily(mainFailure) === 'liquidity'
}

/** How much of the channel is ours now. */
export function balanceLine({ about: { localMsat, capacityMsat } }: AlertView): Html | undefined {
  if (localMsat === undefined || capacityMsat === undefined) return undefined
  const share = percent(localMsat, capacityMsat)
  return html`Local ${shortNumber(localMsat)} of ${shortNumber(capacityMsat)} sat (${share})`
}
