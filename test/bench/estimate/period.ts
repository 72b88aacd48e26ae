import { createWorld, type World } from '../../../src/demo/world.ts'
import type { Attempt } from '../../../src/demo/world-stage.ts'
import type { Scid } from '../../../src/lightning/scid.ts'
import type { NodeKind, Pause } from './node-kind.ts'

/** Midnight of a Sunday; the time at which every period begins. */
export const START = Date.UTC(2026, 10, 22)
const DAY = 86_400_000

/** A node of a kind in a world of its own, and what became of every attempt, as it plays. */
export type Period = {
  world: World
  /** Epoch ms. */
  endAt: number
  attempts: readonly Attempt[]
  /** When nobody listens. */
  pauses: readonly Pause[]
  /** Begins the same days anew, with ample balance on some channels. */
  again(ample: ReadonlySet<Scid>): Period
}

/** Begins some days of a node: a pure function of what is given. */
export function beginPeriod(
  kind: NodeKind,
  seed: number,
  days: number,
  ample: ReadonlySet<Scid> = new Set(),
): Period {
  const { channels, traffic } = kind.draw(seed)
  const attempts: Attempt[] = []
  const world = createWorld({
    seed,
    startAt: START,
    channels,
    traffic,
    ample,
    trace: (attempt) => attempts.push(attempt),
  })
  return {
    world,
    endAt: START + days * DAY,
    attempts,
    pauses: kind.pauses(seed, days),
    again: (channelsWithPlenty) => beginPeriod(kind, seed, days, channelsWithPlenty),
  }
}

/** Whether somebody listens to the node at a time (epoch ms). */
export function isHeard({ pauses }: Period, at: number): boolean {
  return !pauses.some(({ from, to }) => at >= from && at < to)
}
