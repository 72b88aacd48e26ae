import type { Scid } from '../lightning/scid.ts'
import type { Memory } from '../stats/memory.ts'
import { aliasOf } from '../stats/memory-views.ts'
import type { Outflow } from '../stats/outflow.ts'
import { spendableNow } from '../stats/own-channel.ts'

/** A channel whose outbound side runs out at the present outflow. */
export type Emptying = { scid: Scid; alias: string; localMsat: bigint; emptyInMs: number }

// A day ahead is as far as a digest looks.
const AHEAD_MS = 86_400_000
// Of capacity: below it a channel is empty already, and does not run out.
const EMPTY_PCT = 1n

/** Returns the open channels that will be empty within a day, the first one first. */
export function emptyingChannels({ book }: Memory, outflow: Outflow): readonly Emptying[] {
  const found: Emptying[] = []
  for (const own of book) {
    const { scid, channel, closedAt } = own
    const perMs = outflow.steadyPerMs(scid)
    if (channel === undefined || closedAt !== undefined || !perMs || perMs <= 0) continue
    const localMsat = spendableNow(own)
    if (localMsat * 100n <= channel.capacityMsat * EMPTY_PCT) continue
    const emptyInMs = Number(localMsat) / perMs
    if (emptyInMs <= AHEAD_MS) found.push({ scid, alias: aliasOf(own), localMsat, emptyInMs })
  }
  return found.sort((a, b) => a.emptyInMs - b.emptyInMs)
}
