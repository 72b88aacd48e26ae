import { type Channel, keptMsat } from '../lightning/channel.ts'
import type { Scid } from '../lightning/scid.ts'

const DAY = 86_400_000
/** How long an addition is watched, and how long a forecast waits for one. */
export const WATCHED_MS = 7 * DAY
// A channel with its forecasts and a trial takes about 600 bytes: 2,000 take 1.2 MB.
const MAX_CHANNELS = 2_000
// Eight numbers and two short strings, about 150 bytes: 500 take 75 KB, more than a year of a
// busy operator.
const MAX_RESULTS = 500
// Commitment fees move a balance by some thousand sat; nobody moves less than this on purpose.
const LEAST_RISE_MSAT = 20_000_000
// An addition of a fifth of what was recommended is no test of the recommendation.
const LEAST_SHARE = 0.2
const USED_UP = 0.05

/** What a recommendation said it would bring until its amount is used up, in seven days at most. */
export type Forecast = {
  type: string
  /** Epoch ms when it was given. */
  at: number
  /** The amount to move in; undefined where it moves none, so that nothing can be measured. */
  amountMsat: bigint | undefined
  expectedMsat: bigint
  lowMsat: bigint
  highMsat: bigint
}

/** An addition of balance that is being watched; Float64 msat. */
export type Trial = {
  forecast: Forecast
  startedAt: number
  addedMsat: number
  /** What is left of it. */
  leftMsat: number
  earnedMsat: number
}

/** A trial that is over: what was forecast for the amount really added, and what it earned. */
export type Result = Omit<Forecast, 'amountMsat'> & {
  scid: Scid
  endedAt: number
  addedMsat: bigint
  earnedMsat: bigint
}

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

/** Of a settled forward, what is needed here; Float64 msat. */
export type SettledHtlc = {
  incoming: { scid: Scid }
  outgoing: { scid: Scid }
  incomingMsat: number
  outgoingMsat: number
}

/** How forecasts held up. */
export type TrackRecord = {
  /** Recommendations given so far, once per channel, type and day. */
  given: number
  /** Additions that are being watched now, and those that are over. */
  running: number
  n: number
  /** Of earned ÷ expected; undefined without a result. */
  medianRatio: number | undefined
  /** Share of results that lay inside their 80 % interval. */
  insideShare: number | undefined
  /** Newest first. */
  results: readonly Result[]
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
    const before = followed.forecasts.find(({ type }) => type === forecast.type)
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
    followed.availableMsat = now
    followed.riseMsat = 0
  }

  /** The stream was down: forwards moved balances unseen, of which the next listing tells nothing. */
  interrupted(): void {
    for (const followed of this.#followed.values()) {
      followed.availableMsat = undefined
      followed.riseMsat = 0
    }
  }

  /** An operator says that the balance was moved; returns whether a forecast is now measured. */
  done(scid: Scid, at: number): boolean {
    const followed = this.#followed.get(scid)
    if (!followed) return false
    const forecast = measurable(followed, at)
    if (!followed.trial && forecast) {
      this.#add(followed, Math.min(Number(forecast.amountMsat), followed.availableMsat ?? 0), at)
    }
    return followed.trial !== undefined
  }

  /** Takes in a forward that the stream told to be settled. */
  settled({ incoming, outgoing, incomingMsat, outgoingMsat }: SettledHtlc, at: number): void {
    if (this.#followed.size === 0) return
    const source = this.#followed.get(incoming.scid)
    if (source) move(source, incomingMsat)
    const target = this.#followed.get(outgoing.scid)
    if (!target) return
    this.#endIfOver(target, at)
    this.#measure(target, outgoingMsat, incomingMsat - outgoingMsat, at)
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
    const n = this.#results.length
    return {
      given: this.#given,
      running: [...this.#followed.values()].filter(({ trial }) => trial !== undefined).length,
      n,
      medianRatio: median(this.#results.map(ratioOf)),
      insideShare: n === 0 ? undefined : this.#results.filter(isInside).length / n,
      results: this.#results.toReversed(),
    }
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

  /**
   * Without the addition the channel would hold so much less: a forward that is larger than that it
   * owes to the addition, which it uses up.
   */
  #measure(
    { scid, trial, availableMsat }: Followed,
    msat: number,
    feeMsat: number,
    at: number,
  ): void {
    if (!trial || availableMsat === undefined || at < trial.startedAt) return
    if (msat <= availableMsat - trial.leftMsat) return
    trial.earnedMsat += Math.max(0, feeMsat)
    trial.leftMsat = Math.max(0, trial.leftMsat - msat)
    this.#dirty.add(scid)
  }

  #add(followed: Followed, msat: number, at: number): void {
    if (msat <= 0) return
    const forecast = measurable(followed, at)
    if (followed.trial) {
      followed.trial.addedMsat += msat
      followed.trial.leftMsat += msat
    } else if (forecast) {
      followed.forecasts = followed.forecasts.filter((each) => each !== forecast)
      followed.trial = { forecast, startedAt: at, addedMsat: msat, leftMsat: msat, earnedMsat: 0 }
    }
    this.#dirty.add(followed.scid)
  }

  #endIfOver(followed: Followed, at: number): void {
    const { trial } = followed
    if (!trial) return
    const isUsedUp = trial.leftMsat <= USED_UP * trial.addedMsat
    if (!isUsedUp && at - trial.startedAt < WATCHED_MS) return
    followed.trial = undefined
    this.#dirty.add(followed.scid)
    const result = resultOf(followed.scid, trial, at)
    if (!result) return
    this.#results.push(result)
    if (this.#results.length > MAX_RESULTS) this.#results.shift()
    this.isDirty = true
  }
}

/** Our side less what it must keep, with what is in flight from us: it comes back or its end tells. */
function availableMsat(channel: Channel): number {
  const inFlight = channel.pendingHtlcs
    .filter(({ incoming }) => !incoming)
    .reduce((sum, { amountMsat }) => sum + amountMsat, 0n)
  return Number(channel.localMsat + inFlight - keptMsat(channel))
}

function move(followed: Followed, msat: number): void {
  if (followed.availableMsat !== undefined) followed.availableMsat += msat
}

function measurable({ forecasts }: Followed, at: number): Forecast | undefined {
  return forecasts.findLast(
    (forecast) => forecast.amountMsat !== undefined && at - forecast.at < WATCHED_MS,
  )
}

/** The forecast for what was really added: in proportion where it was less, the same where more. */
function resultOf(scid: Scid, trial: Trial, endedAt: number): Result | undefined {
  const { amountMsat = 0n, ...forecast } = trial.forecast
  const share = Math.min(1, trial.addedMsat / Math.max(1, Number(amountMsat)))
  if (share < LEAST_SHARE) return undefined
  const times = (msat: bigint) => BigInt(Math.round(Number(msat) * share))
  return {
    ...forecast,
    scid,
    endedAt,
    expectedMsat: times(forecast.expectedMsat),
    lowMsat: times(forecast.lowMsat),
    highMsat: times(forecast.highMsat),
    addedMsat: BigInt(Math.round(trial.addedMsat)),
    earnedMsat: BigInt(Math.round(trial.earnedMsat)),
  }
}

function ratioOf({ earnedMsat, expectedMsat }: Result): number {
  return Number(earnedMsat) / Math.max(1, Number(expectedMsat))
}

function isInside({ earnedMsat, lowMsat, highMsat }: Result): boolean {
  return earnedMsat >= lowMsat && earnedMsat <= highMsat
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle]
  if (upper === undefined || sorted.length % 2 === 1) return upper
  return ((sorted[middle - 1] ?? upper) + upper) / 2
}
