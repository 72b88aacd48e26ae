import { Spikes } from '../../../src/analyzer/spikes/spikes.ts'
import type { Channel, ChannelPolicies, Policy } from '../../../src/lightning/channel.ts'
import type { HtlcEvent } from '../../../src/lightning/htlc.ts'
import type { Scid } from '../../../src/lightning/scid.ts'
import { Memory } from '../../../src/stats/memory.ts'
import { channel, event } from '../../support/events.ts'
import { MINUTES_A_WEEK } from './incidents.ts'
import type { Judge } from './judge.ts'
import { type Fate, type SimAttempt, WORLD_BEGINS, type World } from './world.ts'

const MINUTE_MS = 60_000
const SETTLES_AFTER_MS = 2_000

/** What playing a world took: in all of the memory, of that in counting, and in judging minutes. */
export type Played = {
  events: number
  worldMs: number
  memoryMs: number
  countingMs: number
  judgingMs: number
}

/**
 * Plays a world through the memory and the detector as LND's stream would come, a minute at a time,
 * and shows the judge what is read each minute. `threshold` is the number of channels that share the
 * budget of false alarms.
 */
export function play(
  world: World,
  weeks: number,
  judge: Judge,
  threshold: number,
  peek?: (minute: number, spikes: Spikes) => void,
): Played {
  const memory = new Memory({ maxChannels: 10_000, retentionDays: 400 }, WORLD_BEGINS)
  memory.streamUp(WORLD_BEGINS)
  memory.updateChannels(listed(world), WORLD_BEGINS)
  memory.updatePolicies(
    world.channels.map(({ index }) => policies(index, 0)),
    WORLD_BEGINS,
  )
  const spikes = new Spikes({
    channels: memory.book,
    observed: (from, to) => memory.coverage.coveredMs(from, to),
    now: WORLD_BEGINS,
    channelCount: () => threshold,
  })
  const stage = new Stage(memory, spikes, world)
  for (let minute = 0; minute < weeks * MINUTES_A_WEEK; minute++) {
    stage.play(world, minute)
    judge.see(minute, stage.readings(minute))
    peek?.(minute, spikes)
  }
  return stage.played
}

export function nothingPlayed(): Played {
  return { events: 0, worldMs: 0, memoryMs: 0, countingMs: 0, judgingMs: 0 }
}

class Stage {
  readonly #memory: Memory
  readonly #spikes: Spikes
  readonly #nextId: number[] = []
  readonly #event = event({})
  readonly #scids: readonly Scid[]
  readonly played = nothingPlayed()
  #isUp = true

  constructor(memory: Memory, spikes: Spikes, world: World) {
    this.#scids = world.channels.map(({ index }) => scidOf(index))
    this.#memory = memory
    this.#spikes = spikes
    memory.listen((outcome, at) => {
      const start = performance.now()
      spikes.take(outcome, at)
      this.played.countingMs += performance.now() - start
    })
  }

  play(world: World, minute: number): void {
    const start = performance.now()
    const attempts = world.minute(minute)
    const before = performance.now()
    this.#follow(world, minute)
    if (this.#isUp) for (const attempt of attempts) this.#tell(attempt)
    // What a store would have taken away.
    if (minute % 60 === 0) this.#memory.ledger.takeClosed()
    const end = performance.now()
    this.played.worldMs += before - start
    this.played.memoryMs += end - before
  }

  readings(minute: number): ReturnType<Spikes['readings']> {
    const start = performance.now()
    const readings = this.#spikes.readings(WORLD_BEGINS + (minute + 1) * MINUTE_MS)
    this.played.judgingMs += performance.now() - start
    return readings
  }

  #follow(world: World, minute: number): void {
    const now = WORLD_BEGINS + minute * MINUTE_MS
    const isUp = !world.plan.gaps.some(({ start, end }) => minute >= start && minute < end)
    if (isUp && !this.#isUp) this.#memory.streamUp(now)
    if (!isUp && this.#isUp) this.#memory.streamDown(now)
    this.#isUp = isUp
    if (isUp) this.#memory.heartbeat(now)
    for (const { channel, at } of world.plan.feeChanges) {
      if (at === minute) this.#memory.updatePolicies([policies(channel, now)], now)
    }
  }

  #tell({ at, incoming, outgoing, outgoingMsat, fate }: SimAttempt): void {
    const id = this.#nextId[incoming] ?? 0
    this.#nextId[incoming] = id + 1
    const told = this.#event
    told.incoming = this.#scids[incoming]
    told.outgoing = this.#scids[outgoing]
    told.incomingHtlcId = id
    told.outgoingHtlcId = id
    told.outgoingMsat = outgoingMsat
    told.incomingMsat = Math.round(outgoingMsat * 1.0005)
    const { wireFailure, failureDetail } = WHY[fate]
    told.wireFailure = wireFailure
    told.failureDetail = failureDetail
    if (wireFailure > 0) {
      this.#record('linkFail', at)
      return
    }
    this.#record('forward', at)
    this.#record(fate === 'settled' ? 'settle' : 'forwardFail', at + SETTLES_AFTER_MS)
  }

  // The memory keeps nothing of an event, so that one object does for all.
  #record(kind: HtlcEvent['kind'], at: number): void {
    this.played.events++
    this.#event.kind = kind
    this.#event.at = at
    this.#memory.record(this.#event, at)
  }
}

/** LND's numbers of what becomes of an attempt; 0 where it is no refusal. */
const WHY: Readonly<Record<Fate, Pick<HtlcEvent, 'wireFailure' | 'failureDetail'>>> = {
  settled: { wireFailure: 0, failureDetail: 0 },
  failed: { wireFailure: 0, failureDetail: 0 },
  refused: { wireFailure: 15, failureDetail: 6 },
  feeRefused: { wireFailure: 12, failureDetail: 1 },
}

function scidOf(index: number): Scid {
  return `${800_000 + index}x1x0`
}

function listed(world: World): Channel[] {
  return world.peers.flatMap((channels, peer) =>
    channels.map((index) =>
      channel(scidOf(index), {
        peer: { pubkey: `02${peer.toString(16).padStart(64, '0')}`, alias: `peer ${peer}` },
      }),
    ),
  )
}

function policies(index: number, updatedAt: number): ChannelPolicies {
  return {
    scid: scidOf(index),
    own: { ...POLICY, updatedAt, feeRatePpm: (updatedAt / 60_000) % 5_000 },
    peer: undefined,
  }
}

const POLICY: Policy = {
  baseFeeMsat: 0n,
  feeRatePpm: 100,
  inboundBaseFeeMsat: 0n,
  inboundFeeRatePpm: 0,
  minHtlcMsat: 1n,
  maxHtlcMsat: 4_950_000_000n,
  timeLockDelta: 80,
  disabled: false,
  updatedAt: 0,
}
