import type { LndState } from '../lightning/node-status.ts'
import { lndText } from './lnd-states.ts'

/** A part of the program that is not well, and since when (epoch ms). */
export type HealthProblem = { since: number } & (
  | { part: 'lnd'; state: LndState }
  | { part: 'telegram' }
  | { part: 'store'; state: 'failing' | 'stalled' }
)

/** Says what is wrong in plain words, for whoever watches the program. */
export function healthText(problem: HealthProblem): string {
  if (problem.part === 'lnd') return lndText(problem.state).title
  if (problem.part === 'telegram') return 'Telegram cannot be reached'
  return problem.state === 'failing'
    ? 'the store cannot be written to; see the log'
    : 'nothing was saved for a minute, although it should be every second'
}
