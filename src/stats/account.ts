/**
 * What is counted, in groups of cells that are opened when first needed. Group ids are stable on
 * disk: 0 outgoing side, 1 incoming side, 2 the node's own, from 16 on refusals by class and side.
 */
export const OUTGOING = 0
export const INCOMING = 1
export const NODE = 2
const REFUSALS = 16

/** The upper bounds of the settle-time classes in ms; a last class holds what took longer. */
export const SETTLE_BOUNDS_MS = [1_000, 3_000, 10_000, 60_000, 600_000] as const

/** The cells of a side: settled, failed, volume, earned, then the settle-time classes. */
export const SIDE = { settled: 0, failed: 1, volume: 2, earned: 3, settleTimes: 4 } as const
export const SIDE_WIDTH = SIDE.settleTimes + SETTLE_BOUNDS_MS.length + 1

/** The cells of a class of refusals. */
export const REFUSAL = { attempts: 0, offered: 1, volume: 2 } as const
export const REFUSAL_WIDTH = 3

/** The cells of the node's own group. */
export const NODE_CELLS = [
  'sent',
  'sendFailed',
  'received',
  'receiveRefused',
  'finals',
  'replays',
  'unmatched',
  'foreign',
  'unknown',
  'events',
  'shed',
  'lost',
] as const
export type NodeCell = (typeof NODE_CELLS)[number]

export type Side = typeof OUTGOING | typeof INCOMING

/** Returns the group of refusals of a class (see `failureCode`) on a side. */
export function refusalGroup(failureCode: number, side: Side): number {
  return REFUSALS + 2 * failureCode + side
}

/** Returns whether a group holds refusals on that side. */
export function isRefusalGroup(groupId: number, side: Side): boolean {
  return groupId >= REFUSALS && (groupId - REFUSALS) % 2 === side
}

/** Returns the class (see `failureCode`) of a group of refusals. */
export function failureCodeOf(groupId: number): number {
  return Math.floor((groupId - REFUSALS) / 2)
}

/** Returns how many cells a group has. */
export function groupWidth(groupId: number): number {
  if (groupId >= REFUSALS) return REFUSAL_WIDTH
  return groupId === NODE ? NODE_CELLS.length : SIDE_WIDTH
}

export type Group = { id: number; base: number }

const NONE = -1

/**
 * The counters of one channel, or of the node: which groups it has opened and where they lie. The
 * two sides are found without a search: with thousands of busy channels every step to another
 * object is a miss of the processor's cache.
 */
export class Account {
  /** The name under which its rows are written: a scid, or `node`. */
  readonly name: string
  /** Its place in the channel book; the node's own is -1. */
  readonly index: number
  readonly groups: Group[] = []
  /** Bit n: the running bucket of that column (five minutes, hour, day) holds something of it. */
  active = 0
  /** Whether its running rows changed since they were last collected. */
  isDirty = false
  #outgoing = NONE
  #incoming = NONE

  constructor(name: string, index: number) {
    this.name = name
    this.index = index
  }

  /** Returns the first cell of a group, or -1 when it is not open. */
  base(id: number): number {
    if (id === OUTGOING) return this.#outgoing
    if (id === INCOMING) return this.#incoming
    for (const group of this.groups) if (group.id === id) return group.base
    return NONE
  }

  add(id: number, base: number): void {
    this.groups.push({ id, base })
    if (id === OUTGOING) this.#outgoing = base
    if (id === INCOMING) this.#incoming = base
  }

  /** Closes all groups. */
  clear(): void {
    this.groups.length = 0
    this.#outgoing = NONE
    this.#incoming = NONE
  }
}
