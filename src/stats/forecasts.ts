import type { Channel } from '../lightning/channel.ts'
import type { Scid } from '../lightning/scid.ts'
import { type TrackRecord, trackRecord } from './track-record.ts'
import {
  availableMsat,
  cameMsat,
  type Forecast,
  isOver,
  measure,
  type Result,
  resultOf,
  type Trial,
  WATCHED_MS,
} from './trials.ts'

const DAY = 86_400_000
// A channel with its forecasts and a trial takes about 600 bytes: 2,000 take 1.2 MB.
const MAX_CHANNELS = 2_000
// Eight numbers and two short strings, about 150 bytes: 500 take 75 KB, more than a year of a
// busy operator.
const MAX_RESULTS = 500
// Commitment fees move a balance by some thousand sat; nobody moves less than this on purpose.
const LEAST_RISE_MSAT = 20_000_000

/** A channel with a forecast or a trial. */
export type Followed = {
  scid: Scid
  /** The latest of each type. */
  forecasts: Forecast[]
  trial: Trial | undefined
  /**
   * Float64 msat: our side less what it must keep, were nothing in flight, as of the last listing
   * and moved by the forwards that settled since. Undefined while no listing was seen since the
   * stream came up: what moved before nobody knows.
   */
  availableMsat: number | undefined
  /** A rise that forwards do not explain, seen by the last listing alone; Float64 msat, else 0. */
  riseMsat: number
}

/** What came of an operator's word that balance was moved: measured from now, already, or not at all. */
export type DoneOutcome = 'begun' | 'running' | 'not-there'

/** Of a settled forward, what is needed here; Float64 msat. */
export type SettledHtlc = {
  incoming: { scid: Scid }
  outgoing: { scid: Scid }
  incomingMsat: number
  outgoingMsat: number
}

/**
 * How the forecasts of recommendations hold up. When balance was really added to a channel, what
 * went out that it could not have carried without the addition is measured against the forecast,
 * until the addition is used up or seven days are over. Pure: what settles, what LND lists and what
 * an operator says comes in with the time.
 */
export class Forecasts {
  readonly #followed = new Map<Scid, Followed>()
  readonly #dirty = new Set<Scid>()
  #results: Result[] = []
  #given = 0
  isDirty = false

  /** Notes a recommendation that a chat was given; the next of its type counts a day later. */
  given(scid: Scid, forecast: Forecast): void {
    const followed = this.#follow(scid)
    const known = [...followed.forecasts, ...(followed.trial ? [followed.trial.forecast] : [])]
    const before = known.find(({ type }) => type === forecast.type)
    if (before && forecast.at - before.at < DAY) return
    followed.forecasts = followed.forecasts.filter((each) => each !== before)
    followed.forecasts.push(forecast)
    this.#given++
    this.isDirty = true
    this.#dirty.add(scid)
  }

  /**
   * Takes in what LND lists of a channel while the stream is up. A rise that forwards do not explain
   * counts once two listings in a row show it: an event may reach us after the listing that has it
   * already.
   */
  listed(channel: Channel, at: number): void {
    const followed = this.#followed.get(channel.scid)
    if (!followed) return
    this.#endIfOver(followed, at)
    const now = availableMsat(channel)
    const rise = now - (followed.availableMsat ?? now)
    const confirmed = Math.min(rise, followed.riseMsat)
    if (rise >= LEAST_RISE_MSAT && confirmed < LEAST_RISE_MSAT) {
      followed.riseMsat = rise
      return
    }
    if (confirmed >= LEAST_RISE_MSAT) this.#add(followed, confirmed, at)
    // What has come since waits for the next listing.
    const rest = rise - confirmed >= LEAST_RISE_MSAT ? rise - confirmed : 0
    followed.availableMsat = now - rest
    followed.riseMsat = rest
  }

  /** The stream was down: forwards moved balances unseen, of which the next listing tells nothing. */
  interrupted(): void {
    for (const followed of this.#followed.values()) {
      followed.availableMsat = undefined
      followed.riseMsat = 0
    }
  }

  /** An operator says that the balance was moved: it is measured where listings show some of it. */
  done(scid: Scid, at: number): DoneOutcome {
    const followed = this.#followed.get(scid)
    if (!followed) return 'not-there'
    if (followed.trial) return 'running'
    const forecast = measurable(followed, at)
    if (!forecast) return 'not-there'
    const { availableMsat: known = 0, riseMsat } = followed
    const came = cameMsat(forecast, known + riseMsat)
    // The listing that confirms a rise must not add it a second time.
    this.#add(followed, came, at, Math.min(came, riseMsat))
    return followed.trial ? 'begun' : 'not-there'
  }

  /** Takes in a forward that the stream told to be settled. */
  settled({ incoming, outgoing, incomingMsat, outgoingMsat }: SettledHtlc, at: number): void {
    if (this.#followed.size === 0) return
    const source = this.#followed.get(incoming.scid)
    if (source) move(source, incomingMsat)
    const target = this.#followed.get(outgoing.scid)
    if (!target) return
    this.#endIfOver(target, at)
    const { trial, availableMsat } = target
    if (trial && availableMsat !== undefined) {
      const isOwed = measure(trial, availableMsat, outgoingMsat, incomingMsat - outgoingMsat)
      if (isOwed) this.#dirty.add(target.scid)
    }
    move(target, -outgoingMsat)
    this.#endIfOver(target, at)
  }

  /** Drops forecasts that nobody acted on, and ends trials of channels that are listed no more. */
  prune(now: number): void {
    for (const followed of [...this.#followed.values()]) {
      this.#endIfOver(followed, now)
      const kept = followed.forecasts.filter(({ at }) => now - at < WATCHED_MS)
      if (kept.length < followed.forecasts.length) this.#dirty.add(followed.scid)
      followed.forecasts = kept
      if (kept.length === 0 && !followed.trial) this.#forget(followed.scid)
    }
  }

  record(): TrackRecord {
    const running = [...this.#followed.values()].filter(({ trial }) => trial !== undefined).length
    return trackRecord(this.#given, running, this.#results)
  }

  /** Returns what is kept of a channel, or undefined. */
  get(scid: Scid): Followed | undefined {
    return this.#followed.get(scid)
  }

  /** Returns the channels of which something changed since the last call. */
  takeDirty(): Scid[] {
    const scids = [...this.#dirty]
    this.#dirty.clear()
    return scids
  }

  /** What belongs to no single channel. */
  totals(): { given: number; results: readonly Result[] } {
    return { given: this.#given, results: [...this.#results] }
  }

  restore(followed: Followed): void {
    this.#followed.set(followed.scid, followed)
  }

  restoreTotals(given: number, results: readonly Result[]): void {
    this.#given = given
    this.#results = [...results]
  }

  #follow(scid: Scid): Followed {
    const followed = this.#followed.get(scid) ?? {
      scid,
      forecasts: [],
      trial: undefined,
      availableMsat: undefined,
      riseMsat: 0,
    }
    // The one that was given a forecast the longest ago makes room.
    this.#followed.delete(scid)
    this.#followed.set(scid, followed)
    if (this.#followed.size > MAX_CHANNELS) {
      const [oldest] = this.#followed.keys()
      if (oldest !== undefined) this.#forget(oldest)
    }
    return followed
  }

  #forget(scid: Scid): void {
    this.#followed.delete(scid)
    this.#dirty.add(scid)
  }

  #add(followed: Followed, msat: number, at: number, claimedMsat = 0): void {
    if (msat <= 0) return
    const forecast = measurable(followed, at)
    const { trial } = followed
    if (trial) {
      // What an operator said was moved is seen by the next listings: it is the same balance.
      const isSaid = Math.min(trial.claimedMsat, msat)
      trial.claimedMsat -= isSaid
      trial.addedMsat += msat - isSaid
      trial.leftMsat += msat - isSaid
    } else if (forecast) {
      followed.forecasts = followed.forecasts.filter((each) => each !== forecast)
      followed.trial = {
        forecast,
        startedAt: at,
        addedMsat: msat,
        claimedMsat,
        leftMsat: msat,
        earnedMsat: 0,
      }
    }
    this.#dirty.add(followed.scid)
  }

  #endIfOver(followed: Followed, at: number): void {
    const { trial } = followed
    if (!trial || !isOver(trial, at)) return
    followed.trial = undefined
    this.#dirty.add(followed.scid)
    const result = resultOf(followed.scid, trial, at)
    if (!result) return
    this.#results.push(result)
    if (this.#results.length > MAX_RESULTS) this.#results.shift()
    this.isDirty = true
  }
}

function move(followed: Followed, msat: number): void {
  if (followed.availableMsat !== undefined) followed.availableMsat += msat
}

function measurable({ forecasts }: Followed, at: number): Forecast | undefined {
  return forecasts.findLast(
    (forecast) => forecast.amountMsat !== undefined && at - forecast.at < WATCHED_MS,
  )
}
