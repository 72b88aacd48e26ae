import type { Memory } from '../stats/memory.ts'
import { memoryStatus, nodeTotals, spanOf } from '../stats/memory-views.ts'
import { type NodeView, type Refused, WINDOWS } from '../stats/views.ts'
import { by, counter, gauge, type Metric, type Sample } from './metric.ts'

/** What became of HTLCs. Sums go back to the first start; events by kind and demands to the last. */
export function trafficMetrics(memory: Memory, now: number): readonly Metric[] {
  const totals = nodeTotals(memory, spanOf(memory, '30d', now))
  return [
    ...eventMetrics(memory, totals, now),
    ...forwardMetrics(totals),
    ...refusalMetrics(totals.forwards.refused),
    ...demandMetrics(memory),
    ...coverageMetrics(memory, now),
  ]
}

/** Returns an amount in sat, with a fraction. */
export function sats(msat: bigint): number {
  return Number(msat) / 1000
}

function eventMetrics(memory: Memory, { dropped }: NodeView, now: number): readonly Metric[] {
  const { shedEvents, lostHtlcs, lastEventAt } = memoryStatus(memory, now)
  const { forwardFail, linkFail, subscribed: _, ...kinds } = memory.eventsByKind
  return [
    counter(
      'missed_sats_events_total',
      'HTLC events of LND taken in, by kind.',
      by('kind', { ...kinds, forward_fail: forwardFail, link_fail: linkFail }),
    ),
    counter(
      'missed_sats_events_dropped_total',
      'HTLC events that decided nothing, by reason.',
      by('reason', dropped),
    ),
    counter('missed_sats_events_shed_total', 'Events counted without detail.', shedEvents),
    counter('missed_sats_htlcs_lost_total', 'HTLCs whose end was never told.', lostHtlcs),
    gauge(
      'missed_sats_last_event_timestamp_seconds',
      'When the last HTLC event happened, by the clock of LND.',
      lastEventAt === undefined ? undefined : lastEventAt / 1000,
    ),
  ]
}

function forwardMetrics({ forwards, own }: NodeView): readonly Metric[] {
  return [
    counter(
      'missed_sats_forwards_total',
      'Forwards that ended, by outcome; the failed ones failed at a node further on.',
      by('outcome', { settled: forwards.settled, failed: forwards.failedDownstream }),
    ),
    gauge('missed_sats_forwards_in_flight', 'Forwards that have not ended.', forwards.pending),
    counter('missed_sats_forwarded_sats_total', 'Amount forwarded.', sats(forwards.volumeMsat)),
    counter('missed_sats_fees_earned_sats_total', 'Fees earned.', sats(forwards.earnedMsat)),
    counter(
      'missed_sats_own_payments_total',
      'HTLCs of our own payments, by outcome.',
      by('outcome', { settled: own.sent, failed: own.sendFailed }),
    ),
    counter(
      'missed_sats_own_receipts_total',
      'HTLCs paid to this node, by outcome.',
      by('outcome', { settled: own.received, refused: own.receiveRefused }),
    ),
  ]
}

function refusalMetrics(refused: readonly Refused[]): readonly Metric[] {
  const classes = byClass(refused)
  return [
    counter(
      'missed_sats_refused_attempts_total',
      'Attempts to forward that this node refused, retries and probes included, by class.',
      sumsOf(classes, ({ attempts }) => attempts),
    ),
    counter(
      'missed_sats_refused_fees_offered_sats_total',
      'Fees offered on refused attempts, an upper bound of what was missed, by class.',
      sumsOf(classes, ({ offeredMsat }) => sats(offeredMsat)),
    ),
    counter(
      'missed_sats_refused_sats_total',
      'Amount of refused attempts, retries and probes included, by class.',
      sumsOf(classes, ({ volumeMsat }) => sats(volumeMsat)),
    ),
  ]
}

function demandMetrics({ demands }: Memory): readonly Metric[] {
  const { sessions, log } = demands
  return [
    counter(
      'missed_sats_demands_total',
      'Demands that ended of which an attempt was refused; retries of one buyer are one demand.',
      demands.ended,
    ),
    gauge('missed_sats_demands_open', 'Demands to which attempts may yet belong.', sessions.size),
    gauge('missed_sats_demand_rows', 'Rows of ended demands that are remembered.', log.size),
    counter(
      'missed_sats_demands_closed_early_total',
      'Demands closed before their time because too many were open.',
      sessions.closedEarly,
    ),
  ]
}

function coverageMetrics(memory: Memory, now: number): readonly Metric[] {
  const shares = WINDOWS.map((window) => {
    const { from, to, coveredMs } = spanOf(memory, window, now)
    return { labels: { window }, value: to > from ? coveredMs / (to - from) : 0 }
  })
  return [
    gauge('missed_sats_stream_coverage_ratio', 'How much of a window was listened to.', shares),
    gauge(
      'missed_sats_stream_gaps_unfilled',
      'Gaps of the event stream not yet filled from the history of LND.',
      memory.coverage.gaps.length,
    ),
  ]
}

// Classes without a name of LND's are numbers, which nothing bounds.
const UNNAMED = /^(?:DETAIL|WIRE)_\d+$/
const OTHER = 'OTHER'
// Shown from the start: rate() does not see the first value of a counter that was not there before.
const USUAL = ['INSUFFICIENT_BALANCE', 'FEE_INSUFFICIENT', OTHER]

type Classes = ReadonlyMap<string, readonly Refused[]>

function byClass(refused: readonly Refused[]): Classes {
  const classes = new Map<string, Refused[]>(USUAL.map((name) => [name, []]))
  for (const one of refused) {
    const name = UNNAMED.test(one.failure) ? OTHER : one.failure
    classes.set(name, [...(classes.get(name) ?? []), one])
  }
  return classes
}

function sumsOf(classes: Classes, amountOf: (refused: Refused) => number): readonly Sample[] {
  return Array.from(classes, ([name, refused]) => ({
    labels: { class: name },
    value: refused.reduce((sum, one) => sum + amountOf(one), 0),
  }))
}
