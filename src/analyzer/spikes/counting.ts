import { failureClass } from '../../lightning/failure.ts'
import type { Circuit, Outcome } from '../../stats/circuit.ts'
import type { OwnChannel } from '../../stats/own-channel.ts'
import { Visits } from '../../stats/visits.ts'
import type { Series } from './series.ts'
import { type Family, MINUTE_MS, type SeriesBook } from './series-book.ts'

type Refusal = Extract<Outcome, { kind: 'refused' }>

/** Refusals that are nobody's business: a sender's own loop, and a forward LND lost in a restart. */
const NEVER_RUNG: ReadonlySet<string> = new Set(['CIRCULAR_ROUTE', 'INCOMPLETE_FORWARD'])
/** What senders run into while they have not heard of a change of our policy yet. */
const OF_POLICY: ReadonlySet<string> = new Set([
  'FEE_INSUFFICIENT',
  'INCORRECT_CLTV_EXPIRY',
  'AMOUNT_BELOW_MINIMUM',
])
const POLICY_SPREADS_MS = 60 * 60_000

/** The four groupings of attempts. */
export const SIDES = ['refused', 'accepted', 'failed', 'settled'] as const
export type CountedSide = (typeof SIDES)[number]

/**
 * Turns outcomes into counts of distinct demands: a visit counts once, at its first attempt, in the
 * series of its channel and, for what we ourselves refused or accepted, of its peer and the node.
 */
export class Counting {
  readonly #book: SeriesBook
  /** Called with a series that has a new failure. */
  readonly #onFailure: (series: Series) => void
  readonly visits: Readonly<Record<CountedSide, Visits>> = {
    refused: new Visits(),
    accepted: new Visits(),
    failed: new Visits(),
    settled: new Visits(),
  }

  constructor(book: SeriesBook, onFailure: (series: Series) => void) {
    this.#book = book
    this.#onFailure = onFailure
  }

  /** Takes in what an event decided; `at` is epoch ms. */
  take(outcome: Outcome, at: number): void {
    if (outcome.kind === 'refused') this.#refuse(outcome)
    else if (outcome.kind === 'settled') this.#pass('settled', 'downstream', outcome.circuit, at)
    else if (outcome.kind === 'offered' && outcome.isNew) {
      this.#pass('accepted', 'local', outcome.circuit, at)
    } else if (outcome.kind === 'failed') {
      const { incoming, outgoing, outgoingMsat } = outcome.circuit
      this.#fail('failed', 'downstream', { incoming, outgoing, outgoingMsat, at })
    }
  }

  #refuse(refusal: Refusal): void {
    if (refusal.circuit) this.#takeBack(refusal.circuit, refusal.at)
    const name = failureClass(refusal.failureCode)
    if (NEVER_RUNG.has(name) || (OF_POLICY.has(name) && followsOwnChange(refusal))) return
    this.#fail('refused', 'local', refusal)
  }

  /** What was refused after all was no acceptance: it leaves the side it was counted on. */
  #takeBack({ outgoing, incoming, outgoingMsat, offeredAt }: Circuit, at: number): void {
    const { accepted } = this.visits
    if (!accepted.withdraw(outgoing, incoming, outgoingMsat, at)) return
    this.#count(outgoing, 'local', 'passed', Math.floor((offeredAt ?? at) / MINUTE_MS), -1)
  }

  #pass(side: CountedSide, family: Family, circuit: Circuit, at: number): void {
    const { outgoing, incoming, outgoingMsat } = circuit
    if (outgoing.gone || !this.visits[side].attempt(outgoing, incoming, outgoingMsat, at)) return
    this.#count(outgoing, family, 'passed', Math.floor(at / MINUTE_MS), 1)
  }

  #fail(
    side: CountedSide,
    family: Family,
    attempt: {
      incoming: OwnChannel
      outgoing: OwnChannel
      outgoingMsat: number
      failureCode?: number
      at: number
    },
  ): void {
    const { outgoing, incoming, outgoingMsat, failureCode = 0, at } = attempt
    if (outgoing.gone) return
    const minute = Math.floor(at / MINUTE_MS)
    const isVisit = this.visits[side].attempt(outgoing, incoming, outgoingMsat, at)
    this.#count(outgoing, family, 'attempts', minute, 1)
    if (!isVisit) return
    const { recent } = this.#book.of(outgoing, family)
    if (!recent.admit({ at, incoming: incoming.serial, failureCode })) return
    this.#count(outgoing, family, 'failed', minute, 1)
  }

  #count(
    own: OwnChannel,
    family: Family,
    ring: 'failed' | 'passed' | 'attempts',
    minute: number,
    by: number,
  ): void {
    const series = this.#book.of(own, family)
    this.#add(series, ring, minute, by)
    if (family === 'downstream') return
    if (series.peer) this.#add(series.peer, ring, minute, by)
    this.#add(this.#book.node, ring, minute, by)
  }

  // What comes more than two minutes late feeds the baseline and never rings.
  #add(series: Series, ring: 'failed' | 'passed' | 'attempts', minute: number, by: number): void {
    const { track } = series
    series.isDirty = true
    if (minute < this.#book.minute - 1) {
      if (ring === 'failed') track.lateFailed += by
      if (ring === 'passed') track.latePassed += by
      return
    }
    track.add(ring, minute, by)
    track.visitedAt = minute
    if (ring !== 'failed') return
    track.failedAt = minute
    this.#onFailure(series)
  }
}

/** Whether our own policy on either of its channels changed within the hour before. */
function followsOwnChange({ outgoing, incoming, at }: Refusal): boolean {
  return [outgoing, incoming].some((own) => {
    const changedAt = own.policyChanges.at(-1)?.at ?? own.policies?.own?.updatedAt
    return changedAt !== undefined && at >= changedAt && at - changedAt <= POLICY_SPREADS_MS
  })
}
