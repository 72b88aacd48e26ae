import type { Job } from './job.ts'
import type { Outcome } from './outcome.ts'

/** One try to say something that nobody asked for: it is noted as begun, and not yet said. */
export type Attempt = {
  /** Writes it as things are now. */
  compose(): Promise<Job> | Job
  /** Notes how the call ended. */
  conclude(outcome: Outcome): void
  /** Notes that there was no call: that it was begun could not be saved. */
  takeBack(): void
}

/** Returns what an outcome means for something new; whatever else happened, it was not sent. */
export function sendingEnd(outcome: Outcome): 'sent' | 'not-sent' | 'ambiguous' | 'bad-message' {
  switch (outcome.kind) {
    case 'sent':
    case 'ambiguous':
    case 'bad-message':
      return outcome.kind
    default:
      return 'not-sent'
  }
}
