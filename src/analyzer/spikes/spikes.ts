import type { ChannelBook } from '../../stats/channel-book.ts'
import type { Outcome } from '../../stats/circuit.ts'
import type { OwnChannel } from '../../stats/own-channel.ts'
import { type Reading, SENSITIVITIES, type Sensitivity, type Subject } from '../reading.ts'
import { isKnown } from './baseline.ts'
import { Counting } from './counting.ts'
import { isTold, type LevelsBy, noteScore, settleEpisode } from './episode.ts'
import { readingOf } from './facts.ts'
import { judgeSeries, parentsOf } from './judging.ts'
import type { Moment } from './parents.ts'
import { predictedPerWeek } from './prediction.ts'
import { NO_SCORE, type Seen, scoreOf } from './score.ts'
import type { Series, SpikeKind } from './series.ts'
import { MINUTE_MS, type Observed, SeriesBook } from './series-book.ts'
import { digestThresholds, type Thresholds, thresholds } from './thresholds.ts'

// Even twenty times the usual makes fewer than five failures in an hour of such a channel.
const SPARSE_PER_HOUR = 0.25
// A minute of which less was observed is not judged.
const LEAST_OBSERVED = 0.5

// A spike that just began is told as met for so long, whatever its next minutes hold, so that whoever
// waits a little before ringing does ring.
const ONSET_MIN = 3

// Parents are judged before their children.
const RANKS: Readonly<Record<SpikeKind, number>> = {
  'spike.node': 0,
  'spike.peer': 1,
  'spike.local': 2,
  'spike.downstream': 3,
}

// Beyond that by subject: nothing depends on the order of a minute's events.
const PARENTS_FIRST = (a: Series, b: Series): number =>
  RANKS[a.kind] - RANKS[b.kind] || (a.subject < b.subject ? -1 : 1)

export type SpikeWorld = {
  channels: ChannelBook
  observed: Observed
  /** Epoch ms when the watch begins. */
  now: number
  /** How many channels share the budget of false alarms; by default those that are open. */
  channelCount?: () => number
}

/**
 * Watches for spikes of failures: in each channel by what we refused and by what failed downstream,
 * in peers with several channels and in the node. Tell it every outcome of the memory (`take`), and
 * each minute what time it is (`readings`).
 */
export class Spikes {
  readonly book: SeriesBook
  readonly counting: Counting
  /** The most sensitive setting of any chat: what does not reach it is not told. */
  sensitivity: Sensitivity = 'normal'
  readonly #channelCount: () => number
  /** Those with a failure that has not been judged yet, those that fire and those just over. */
  readonly #due = new Set<Series>()
  readonly #lasting = new Set<Series>()
  /** Those whose score of the last judged minute rings. */
  readonly #reaching = new Set<Series>()
  /** Whether the last minute asked of was not observed: then nothing is known. */
  isBlind = false
  /** The last minute (of epoch) that was judged. */
  judgedMinute = 0

  constructor({ channels, observed, now, channelCount }: SpikeWorld) {
    this.book = new SeriesBook(channels, observed, Math.floor(now / MINUTE_MS) - 1)
    this.counting = new Counting(this.book, (series) => this.#due.add(series))
    this.#channelCount = channelCount ?? (() => this.book.openChannels)
  }

  /** Takes in what an event decided; `at` is when it counts (epoch ms). */
  take(outcome: Outcome, at: number): void {
    this.book.rollTo(Math.floor(at / MINUTE_MS) - 1)
    this.counting.take(outcome, at)
  }

  /**
   * Judges the last minute that is over and returns what fires (it ends after half an hour of calm
   * here, not in the lifecycle), and what ended within the hour; what is not among the readings is
   * calm. Call once a minute; a minute is judged once.
   */
  readings(now: number): Reading[] {
    const minute = Math.floor(now / MINUTE_MS) - 1
    this.book.rollTo(minute)
    const moment = this.#momentAt(minute)
    const isObserved = moment.seenIn(1) >= LEAST_OBSERVED
    this.isBlind = !isObserved
    if (minute > this.judgedMinute && isObserved) this.#judge(moment)
    this.judgedMinute = Math.max(this.judgedMinute, minute)
    const readings: Reading[] = []
    for (const series of this.#lasting) {
      const isYoung = minute - series.track.firedAt < ONSET_MIN
      const meets = isYoung || this.#reaching.has(series)
      if (series.track.firedAt > 0 || isTold(series.track, minute)) {
        readings.push(readingOf(series, moment, { isObserved, meets }))
      } else if (series.track.heldSince === 0) this.#lasting.delete(series)
    }
    return readings
  }

  /** Takes what a series fails at now for its usual: an operator said so. */
  acceptAsNormal(kind: SpikeKind, subject: Subject): void {
    for (const series of this.#lasting) {
      if (series.kind === kind && series.subject === subject && series.track.firedAt > 0) {
        settleEpisode(series, parentsOf(series, this.book.node), this.book.minute)
      }
    }
  }

  /** Whether a channel fails too rarely for statistics: other alerts serve it. */
  isSparse(own: OwnChannel): boolean {
    const track = this.book.local.get(own)?.track
    return !track || !isKnown(track) || track.rate * 60 < SPARSE_PER_HOUR
  }

  /**
   * Returns how many spikes a week a setting would ring by this node's own history; undefined
   * before there is a day of it.
   */
  predictedPerWeek(sensitivity: Sensitivity): number | undefined {
    return predictedPerWeek(this.book, thresholds(this.#channelCount(), sensitivity))
  }

  /** Puts a restored series back under the eyes of `readings`. */
  resume(series: Series): void {
    const { firedAt, heldSince, endedAt, failedAt } = series.track
    if (firedAt > 0 || heldSince > 0 || endedAt > 0) this.#lasting.add(series)
    if (failedAt > this.judgedMinute) this.#due.add(series)
  }

  #momentAt(minute: number): Moment {
    const seen = new Map<number, number>()
    const seenIn = (window: number) => {
      const known = seen.get(window) ?? this.book.seen(window, minute)
      seen.set(window, known)
      return known
    }
    return { minute, seenIn }
  }

  #judge(moment: Moment): void {
    const seen: Seen = [moment.seenIn(5), moment.seenIn(15), moment.seenIn(60)]
    const { node } = this.book
    const [ring, digest] = [this.#levels(thresholds), this.#levels(digestThresholds)]
    const sitting = { node, moment, seen, ring, digest }
    const series = [...new Set([...this.#due, ...this.#lasting])]
    for (const each of series) this.#score(each, moment.minute, seen)
    this.#reaching.clear()
    series.sort(PARENTS_FIRST)
    for (const each of series) {
      if (judgeSeries(each, sitting) > 0) this.#reaching.add(each)
      if (each.track.firedAt > 0 || each.track.heldSince > 0) this.#lasting.add(each)
    }
  }

  #score(series: Series, minute: number, seen: Seen): void {
    const { track } = series
    const isDue = this.#due.has(series)
    track.advance(minute)
    series.isDirty = true
    series.score = isDue && isKnown(track) ? scoreOf(track, minute, seen) : NO_SCORE
    noteScore(track, minute, series.score)
    // A failure of the minute that runs is judged with it.
    if (isDue && track.failedAt <= minute) this.#due.delete(series)
  }

  #levels(of: (channels: number, sensitivity: Sensitivity) => Thresholds): LevelsBy {
    const told = SENSITIVITIES.slice(0, SENSITIVITIES.indexOf(this.sensitivity) + 1)
    return new Map(told.map((one) => [one, of(this.#channelCount(), one)]))
  }
}
