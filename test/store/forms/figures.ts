import { failureClass } from '../../../src/lightning/failure.ts'
import type { Memory } from '../../../src/stats/memory.ts'
import { channelView, nodeView } from '../../../src/stats/memory-views.ts'
import { WINDOWS } from '../../../src/stats/views.ts'
import { CAROL } from '../../support/events.ts'

// INSUFFICIENT_BALANCE, as the ledger has it.
const BALANCE = failureClass(12)

/** What a kept file must still say after any number of upgrades: a few figures of each window. */
export function figuresOf(memory: Memory, now: number) {
  return Object.fromEntries(
    WINDOWS.map((window) => {
      const { forwards, span } = nodeView(memory, window, now)
      const carol = channelView(memory, CAROL, window, now)
      const refused = carol?.outgoing.refused.find(({ failure }) => failure === BALANCE)
      const figures = {
        settled: forwards.settled,
        pending: forwards.pending,
        earnedMsat: String(forwards.earnedMsat),
        refusedByCarol: refused?.attempts ?? 0,
        coveredMs: span.coveredMs,
      }
      return [window, figures]
    }),
  )
}
