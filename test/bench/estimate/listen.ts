import type { World } from '../../../src/demo/world.ts'
import { OVERLAP_MS } from '../../../src/stats/coverage.ts'
import { Memory } from '../../../src/stats/memory.ts'
import { isHeard, type Period, START } from './period.ts'

const MINUTE = 60_000
const POLICIES_MS = 360 * MINUTE
const LIMITS = { maxChannels: 1_000, retentionDays: 30 }

/**
 * Has a memory listen to a node as the running program does: events as they come, LND's list of
 * channels every minute, policies every six hours, and LND's history after a gap.
 */
export function listen(period: Period): Memory {
  const memory = new Memory(LIMITS, START)
  for (let at = START; at <= period.endAt; at += MINUTE) {
    const events = period.world.advance(at)
    if (memory.coverage.isUp) for (const event of events) memory.record(event, event.at)
    follow(memory, isHeard(period, at), at)
    if (!memory.coverage.isUp) continue
    memory.heartbeat(at)
    memory.updateChannels(period.world.channels(), at)
    if ((at - START) % POLICIES_MS === 0) readPolicies(memory, period.world)
    fillGaps(memory, period.world)
  }
  return memory
}

function follow(memory: Memory, isUp: boolean, at: number): void {
  if (isUp && !memory.coverage.isUp) memory.streamUp(at)
  if (!isUp && memory.coverage.isUp) memory.streamDown(at)
}

function readPolicies(memory: Memory, world: World): void {
  memory.updatePolicies(
    world.channels().flatMap(({ scid }) => world.policies(scid) ?? []),
    world.now(),
  )
}

function fillGaps(memory: Memory, world: World): void {
  for (const gap of [...memory.coverage.gaps]) {
    const isWithin = (at: number): boolean => at > gap.filledTo && at <= gap.to + OVERLAP_MS
    memory.fillIn(
      gap,
      world.forwards().filter(({ at }) => isWithin(at)),
    )
    memory.finishGap(gap)
  }
}
