import type { SettledForward } from '../lightning/htlc.ts'

/** What settled on one day of somebody's calendar. */
export type EarnedDay = { day: string; forwards: number; volumeMsat: bigint; earnedMsat: bigint }

// Every zone's days begin on a quarter of an hour of UTC, so all forwards of a quarter share a day.
const QUARTER_MS = 900_000

/** Settled forwards summed by day, whatever calendar `dayOf` goes by. */
export class EarnedDays {
  readonly #dayOf: (at: number) => string
  readonly #days = new Map<string, EarnedDay>()
  #quarter = Number.NaN
  #today: EarnedDay | undefined

  constructor(dayOf: (at: number) => string) {
    this.#dayOf = dayOf
  }

  add({ at, incomingMsat, outgoingMsat }: SettledForward): void {
    const quarter = Math.floor(at / QUARTER_MS)
    if (quarter !== this.#quarter || this.#today === undefined) {
      this.#quarter = quarter
      this.#today = this.#add(this.#dayOf(at))
    }
    this.#today.forwards += 1
    this.#today.volumeMsat += outgoingMsat
    this.#today.earnedMsat += incomingMsat - outgoingMsat
  }

  /** Returns what a day came to; nothing where nothing settled. */
  of(day: string): EarnedDay {
    return this.#days.get(day) ?? { day, forwards: 0, volumeMsat: 0n, earnedMsat: 0n }
  }

  #add(day: string): EarnedDay {
    const known = this.of(day)
    this.#days.set(day, known)
    return known
  }
}
