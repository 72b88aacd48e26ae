import { Spikes } from '../../../src/analyzer/spikes/spikes.ts'
import type { Channel, ChannelPolicies, Policy } from '../../../src/lightning/channel.ts'
import type { Scid } from '../../../src/lightning/scid.ts'
import { Memory } from '../../../src/stats/memory.ts'
import { channel, event } from '../../support/events.ts'
import { MINUTES_A_WEEK } from './incidents.ts'
import type { Judge } from './judge.ts'
import { type SimAttempt, WORLD_BEGINS, type World } from './world.ts'

const MINUTE_MS = 60_000
const SETTLES_AFTER_MS = 2_000

/** What playing a world took. */
export type Played = { events: number; worldMs: number; memoryMs: number; spikesMs: number }

/**
 * Plays a world through the memory and the detector as LND's stream would come, a minute at a time,
 * and shows the judge what is read each minute. `threshold` is the number of channels that share the
 * budget of false alarms.
 */
export function play(world: World, weeks: number, judge: Judge, threshold: number): Played {
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
  const stage = new Stage(memory, spikes)
  for (let minute = 0; minute < weeks * MINUTES_A_WEEK; minute++) {
    stage.play(world, minute)
    judge.see(minute, stage.readings(minute))
  }
  return stage.played
}

class Stage {
  readonly #memory: Memory
  readonly #spikes: Spikes
  readonly #nextId: number[] = []
  readonly played: Played = { events: 0, worldMs: 0, memoryMs: 0, spikesMs: 0 }
  #isUp = true

  constructor(memory: Memory, spikes: Spikes) {
    this.#memory = memory
    this.#spikes = spikes
    memory.listen((outcome, at) => {
      const start = performance.now()
      spikes.take(outcome, at)
      this.played.spikesMs += performance.now() - start
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
    this.played.spikesMs += performance.now() - start
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
    const ids = { incoming: scidOf(incoming), outgoing: scidOf(outgoing), incomingHtlcId: id }
    const amounts = { incomingMsat: Math.round(outgoingMsat * 1.0005), outgoingMsat }
    if (fate === 'refused' || fate === 'feeRefused') {
      const why =
        fate === 'refused'
          ? { wireFailure: 15, failureDetail: 6 }
          : { wireFailure: 12, failureDetail: 1 }
      this.#record({ kind: 'linkFail', at, ...ids, ...amounts, ...why })
      return
    }
    this.#record({ kind: 'forward', at, ...ids, ...amounts, outgoingHtlcId: id })
    const kind = fate === 'settled' ? 'settle' : 'forwardFail'
    this.#record({ kind, at: at + SETTLES_AFTER_MS, ...ids, outgoingHtlcId: id })
  }

  #record(given: Parameters<typeof event>[0]): void {
    this.played.events++
    this.#memory.record(event(given), given.at ?? 0)
  }
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
  return { scid: scidOf(index), own: { ...POLICY, updatedAt, feeRatePpm: updatedAt / 60_000 % 5_000 }, peer: undefined }
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
