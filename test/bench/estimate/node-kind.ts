import type { DrawnNode } from './drawn-node.ts'

/** A kind of node: how one is drawn from a seed, and when nobody listens to its stream. */
export type NodeKind = {
  name: string
  /** One line for the page of results. */
  about: string
  draw(seed: number): DrawnNode
  /** Within so many days. */
  pauses(seed: number, days: number): readonly Pause[]
}

/** A time in which nobody listens to the stream, in epoch ms and whole minutes. */
export type Pause = { from: number; to: number }
