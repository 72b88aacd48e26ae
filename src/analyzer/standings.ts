import type { Scid } from '../lightning/scid.ts'
import { BY_URGENCY } from './opportunities.ts'
import { explainChange } from './urgency.ts'
import type { Opportunity, RankChange, Standing } from './views.ts'

const DAY_MS = 86_400_000
// What anybody looks at; a standing takes some 100 bytes, so that both days take 20 KB.
const MOST = 100

/** Where channels stood on a UTC day, as saved. */
export type DayStandings = { day: number; standings: [Scid, Standing][] }

/**
 * The ranking of yesterday, or of the last day before today, so that a change of rank can be
 * explained: each day's is that of its first analysis.
 */
export class Standings {
  #before: ReadonlyMap<Scid, Standing> | undefined
  #today: DayStandings | undefined
  #now: ReadonlyMap<Scid, Standing> = new Map()

  /** Takes in an analysis; returns what to save when a day begins. */
  note(opportunities: readonly Opportunity[], at: number): DayStandings | undefined {
    const standings = rank(opportunities)
    this.#now = new Map(standings)
    const day = Math.floor(at / DAY_MS) * DAY_MS
    if (this.#today?.day === day) return undefined
    this.restore(this.#today)
    this.#today = { day, standings }
    return this.#today
  }

  /** Takes the saved ranking of an earlier day for the one to compare with. */
  restore(saved: DayStandings | undefined): void {
    if (saved) this.#before = new Map(saved.standings)
  }

  /** Returns why a channel's rank is not what it was; undefined while there is nothing to compare. */
  change(scid: Scid): RankChange | undefined {
    return this.#before && explainChange(this.#before.get(scid), this.#now.get(scid))
  }
}

function rank(opportunities: readonly Opportunity[]): [Scid, Standing][] {
  return opportunities
    .filter(({ urgency }) => urgency.total > 0)
    .toSorted(BY_URGENCY)
    .slice(0, MOST)
    .map(({ scid, urgency }, i) => [scid, { rank: i + 1, urgency }])
}
