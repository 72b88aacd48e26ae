import type { Weights } from './random.ts'
import type { Habits } from './traffic-habits.ts'

/** All that happens on a simulated node: who pays whom how, and what its operator does. */
export type TrafficPlan = {
  flows: readonly Flow[]
  habits: Habits
  rebalancers: readonly Rebalancer[]
  own: OwnPlan
  noise: NoisePlan
  rush?: Rush
}

/** A crowd that comes to one peer within minutes and finds it away. */
export type Rush = {
  flow: Omit<Flow, 'perDay'>
  /** Epoch ms. */
  at: number
  lastsMs: number
  payments: number
  /** Tells the crowds of one peer apart; default: that peer's only one. */
  round?: number
}

/** Who pays whom through us: neighbours that bring the HTLCs (by weight) and the peer that they ask for. */
export type Flow = {
  from: Weights<string>
  to: string
  /** Payments and probes a day, before anyone avoids us. */
  perDay: number
  medianSat: number
  /** Deviation of the logarithm of the amounts. */
  sigma: number
  /** Nobody ever pays on it: someone measures what we could forward. */
  isProbing?: boolean
}

/** A neighbour's bot that moves the same amount through us on a timer until it gets through. */
export type Rebalancer = {
  name: string
  from: string
  to: string
  amountMsat: number
  everyMs: number
  /** A new campaign begins this often. */
  campaignMs: number
  /** P(one try that we forward gets round). */
  luck: number
  /** P(it goes for another round after one that got through). */
  repeats: number
  /** After failures it tries less: half each time, at most so often. */
  halvings: number
}

/** What the node's operator does by itself. */
export type OwnPlan = {
  sendsPerDay: number
  receivesPerDay: number
  /** Whom the node pays and who pays it. */
  payees: Weights<string>
  /** Circular payments: out through one peer and back through another. */
  rebalances: { perDay: number; medianSat: number; ways: Weights<Way> }
  /** Every night the channel that every day empties is filled again. */
  refill: { way: Way; parts: number; amountMsat: number } | undefined
}

/** Out through the first peer, back through the second. */
export type Way = readonly [string, string]

/** Strangers who want nothing: probes of this very node, and HTLCs for channels of others. */
export type NoisePlan = {
  neighbours: readonly string[]
  invoiceProbesPerDay: number
  garbagePerDay: number
}

/** A stream of arrivals: its key, how many a day, and what one of them does. */
export type Arrivals = { key: string; perDay: number; start(key: string): void }
