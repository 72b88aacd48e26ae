import type { Scid } from '../lightning/scid.ts'
import { mostUrgent } from './opportunities.ts'
import { explainChange } from './urgency.ts'
import type { Opportunity, RankChange, Standing } from './views.ts'

const DAY_MS = 86_400_000
// What anybody looks at; a standing takes some 100 bytes, so that both days take 20 KB.
const MOST = 100

/** Where channels stood on a UTC day. */
export type DayStandings = { day: number; standings: [Scid, Standing][] }

/** The rankings of today and of the last day before it, as saved. */
export type SavedStandings = { before: DayStandings | undefined; today: DayStandings | undefined }

/**
 * The ranking of yesterday, or of the last day before today, so that a change of rank can be
 * explained: each day's is that of its first analysis.
 */
export class Standings {
  #saved: SavedStandings = { before: undefined, today: undefined }
  #before: ReadonlyMap<Scid, Standing> | undefined
  #now: ReadonlyMap<Scid, Standing> = new Map()

  /** Takes in an analysis; returns what to save when a day begins. */
  note(opportunities: readonly Opportunity[], at: number): SavedStandings | undefined {
    const standings = rank(opportunities)
    this.#now = new Map(standings)
    const day = Math.floor(at / DAY_MS) * DAY_MS
    const { today } = this.#saved
    if (today?.day === day) return undefined
    this.restore({ before: today, today: { day, standings } })
    return this.#saved
  }

  /** Puts back what was saved. */
  restore(saved: SavedStandings): void {
    this.#saved = saved
    this.#before = saved.before && new Map(saved.before.standings)
  }

  /** Returns why a channel's rank is not what it was; undefined while there is nothing to compare. */
  change(scid: Scid): RankChange | undefined {
    return this.#before && explainChange(this.#before.get(scid), this.#now.get(scid))
  }
}

function rank(opportunities: readonly Opportunity[]): [Scid, Standing][] {
  const urgent = opportunities.filter(({ urgency }) => urgency.total > 0)
  return mostUrgent(urgent, MOST).map(({ scid, urgency }, i) => [scid, { rank: i + 1, urgency }])
}
