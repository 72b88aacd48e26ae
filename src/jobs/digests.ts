import type { AlertDesk } from '../alerts/desk.ts'
import type { DueDigest } from '../alerts/digest-schedule.ts'
import { scheduleOf } from '../alerts/digest-step.ts'
import { type Clock, stepWatch } from '../clock.ts'

export type DigestRoundParts = {
  clock: Clock
  desk: AlertDesk
  chats(): readonly { id: number; timeZone: string }[]
  /** The minute of the day for chats that have chosen none. */
  usualMinute(): number
  /** Epoch ms since when LND is listened to; undefined: it never was. */
  listeningSince(): number | undefined
  /** Whether what can be known of the past is known: whoever comes late may as well be right. */
  isCaughtUp(): boolean
  /** Makes the figures of a digest that is due, and keeps them until it is sent. */
  keep(due: DueDigest): Promise<void>
  /** Resolves when all that the desk holds is on disk. */
  save(): Promise<void>
  tell(chatIds: readonly number[]): void
}

// What less time holds fills no digest: that of the first morning is left out.
const LEAST_LISTENED_MS = 6 * 3_600_000

// After a start LND is reached within seconds, and its history of the time before read within minutes.
const CATCH_UP_MS = 10 * 60_000

/**
 * Returns the job that queues digests, each once for its chat and local date: it asks what the
 * clocks of the chats show, so it may run at any pace.
 */
export function digestRound(parts: DigestRoundParts): () => Promise<void> {
  const { clock, save, tell, keep, isCaughtUp } = parts
  const steppedMs = stepWatch(clock)
  const startedAt = clock.monotonic()
  return async () => {
    // The clock must stand for one round first.
    if (steppedMs() !== 0) return
    const queued: number[] = []
    for (const { id, digests, due } of dueNow(parts)) {
      if (isTooYoung(due, parts)) digests.skip(due.date)
      else if (isCaughtUp() || clock.monotonic() - startedAt > CATCH_UP_MS) {
        await keep(due)
        digests.queue(due)
        queued.push(id)
      }
    }
    if (queued.length === 0) return
    // What is queued is on disk before it is told.
    await save()
    tell(queued)
  }
}

/** All at once: a chat may be forgotten while figures are made, and must get no mailbox again. */
function dueNow({ chats, desk, clock, usualMinute }: DigestRoundParts) {
  return chats().flatMap(({ id, timeZone }) => {
    const { digests, state } = desk.box(id)
    const schedule = scheduleOf(state.preferences, timeZone, usualMinute())
    const due = digests.look(schedule, clock.now())
    return due ? [{ id, digests, due }] : []
  })
}

function isTooYoung({ dueAt }: DueDigest, { listeningSince }: DigestRoundParts): boolean {
  const since = listeningSince()
  return since === undefined || dueAt - since < LEAST_LISTENED_MS
}
