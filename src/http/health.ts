import type { LndStatus } from '../lightning/node-status.ts'
import { type HealthProblem, healthText } from '../messages/health.ts'

/** What the health of the program is judged by; times are epoch ms. */
export type HealthFacts = {
  lnd: LndStatus
  /** Undefined while Telegram is reached. */
  telegramDownSince: number | undefined
  /** Undefined while the last save succeeded. */
  saveFailingSince: number | undefined
  /** The last save that succeeded, or the start of the program. */
  savedAt: number
}

/** The parts whose health is judged. */
export const PARTS = ['lnd', 'telegram', 'store'] as const satisfies HealthProblem['part'][]

// Something is saved every second: a disk that hangs fails nothing.
const STALLED_MS = 60_000

/** Returns what is not well, nothing when all is. */
export function problemsOf(facts: HealthFacts, now: number): readonly HealthProblem[] {
  const { lnd, telegramDownSince, saveFailingSince, savedAt } = facts
  const problems: HealthProblem[] = []
  if (lnd.state !== 'listening') problems.push({ part: 'lnd', state: lnd.state, since: lnd.since })
  if (telegramDownSince !== undefined) {
    problems.push({ part: 'telegram', since: telegramDownSince })
  }
  if (saveFailingSince !== undefined) {
    problems.push({ part: 'store', state: 'failing', since: saveFailingSince })
  } else if (now - savedAt > STALLED_MS) {
    problems.push({ part: 'store', state: 'stalled', since: savedAt })
  }
  return problems
}

/** Returns what /healthz shows. */
export function healthJson(
  problems: readonly HealthProblem[],
  { version, now }: { version: string; now: number },
): string {
  const shown = problems.map((problem) => ({
    part: problem.part,
    ...('state' in problem && { state: problem.state }),
    what: healthText(problem),
    since: new Date(problem.since).toISOString(),
  }))
  const status = problems.length === 0 ? 'ok' : 'failing'
  const time = new Date(now).toISOString()
  return `${JSON.stringify({ status, version, time, problems: shown })}\n`
}
