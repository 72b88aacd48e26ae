import { setImmediate as nextTurn } from 'node:timers/promises'

// Long computations give the event loop back after this, well below what anyone would notice.
const SLICE_MS = 15

/** Runs a generator to its end in slices of some 15 ms, with a turn of the event loop between two. */
export async function runInSlices<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + SLICE_MS
    while (performance.now() < until) {
      const step = work.next()
      if (step.done) return step.value
    }
    await nextTurn()
  }
}
