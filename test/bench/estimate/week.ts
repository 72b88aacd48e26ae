import { createWorld, type World } from '../../../src/demo/world.ts'
import type { Attempt } from '../../../src/demo/world-stage.ts'
import type { Scid } from '../../../src/lightning/scid.ts'
import type { NodeKind, Pause } from './node-kind.ts'

/** Midnight of a Sunday; the time at which every week begins. */
export const WEEK_START = Date.UTC(2026, 10, 22)
export const WEEK_END = WEEK_START + 7 * 86_400_000

/** A node of a kind in a world of its own, and what became of every attempt, as it plays. */
export type Week = {
  world: World
  attempts: readonly Attempt[]
  /** When nobody listens. */
  pauses: readonly Pause[]
}

/** Begins the week of a node; the same one each time, but for the channels with ample balance. */
export function beginWeek(
  kind: NodeKind,
  seed: number,
  ample: ReadonlySet<Scid> = new Set(),
): Week {
  const { channels, traffic } = kind.draw(seed)
  const attempts: Attempt[] = []
  const world = createWorld({
    seed,
    startAt: WEEK_START,
    channels,
    traffic,
    ample,
    trace: (attempt) => attempts.push(attempt),
  })
  return { world, attempts, pauses: kind.pauses(seed) }
}

/** Whether somebody listens to the node at a time (epoch ms). */
export function isHeard({ pauses }: Week, at: number): boolean {
  return !pauses.some(({ from, to }) => at >= from && at < to)
}
