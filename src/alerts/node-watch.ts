import type { AlertKind, Reading, Subject } from '../analyzer/reading.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Memory } from '../stats/memory.ts'
import { channelView, nodeView } from '../stats/memory-views.ts'
import { Outflow } from '../stats/outflow.ts'
import { type OwnChannel, spendableNow } from '../stats/own-channel.ts'
import type { SideView } from '../stats/views.ts'
import type { Estimates } from './estimates.ts'
import { DAY_MS, HOUR_MS } from './kind.ts'
import { type DeliveryInput, readDelivery } from './kinds/bot-delivery.ts'
import { readLiquidity } from './kinds/liq-low.ts'
import { readLnd } from './kinds/lnd-down.ts'
import { readSilence } from './kinds/lnd-silent.ts'
import { type PeerInput, readPeer } from './kinds/peer-offline.ts'
import { type RevenueInput, readRevenue, usualRevenueThreshold } from './kinds/revenue-missed.ts'

/** What is looked at once a minute. */
export type Glance = {
  now: number
  /** Since the last glance, by a clock that never steps. */
  elapsedMs: number
  memory: Memory
  lnd: LndStatus
  delivery: DeliveryInput
  /** Undefined: nothing is known of money and distinct demands. */
  estimates: Estimates | undefined
  /** What chats ask for, undefined being by the node's own fees. */
  revenueMsat: readonly (bigint | undefined)[]
  /** The highest that a chat asked for. */
  lowPct: number
}

// Fewer events or less time tell nothing of the usual pace.
const LEAST_EVENTS = 100
const LEAST_COVERED_MS = 6 * HOUR_MS

/** All that can be read off LND's state and the memory: every condition but the spikes. */
export class NodeWatch {
  readonly #outflow: Outflow
  readonly #offlineSince = new Map<string, number>()
  #events = -1
  #silentMs = 0

  /** `outflow` is followed along: others may ask it, too. */
  constructor(outflow: Outflow = new Outflow()) {
    this.#outflow = outflow
  }

  /** Reads the conditions; those whose source is cut off are not among them but in `blindKinds`. */
  read(glance: Glance): { readings: readonly Reading[]; blindKinds: ReadonlySet<AlertKind> } {
    const { lnd, delivery, estimates } = glance
    const isListening = lnd.state === 'listening'
    const always = [readLnd(lnd), readDelivery(delivery), this.#silence(glance, isListening)]
    if (!isListening) return { readings: always, blindKinds: BLIND_WITHOUT_LND }
    const open = [...glance.memory.book].filter((own) => own.channel && own.closedAt === undefined)
    const readings = [...always, ...this.#peers(open, glance), ...this.#liquidity(open, glance)]
    const inputs = estimates?.revenue(glance.now)
    if (inputs === undefined) return { readings, blindKinds: new Set(['revenue.missed']) }
    return { readings: [...readings, ...revenue(inputs, glance)], blindKinds: new Set() }
  }

  #silence({ memory, elapsedMs, now }: Glance, isListening: boolean): Reading {
    const isQuiet = isListening && memory.eventCount === this.#events
    this.#silentMs = isQuiet ? this.#silentMs + elapsedMs : 0
    this.#events = memory.eventCount
    const since = memory.lastEventAt ?? now
    return readSilence({
      isListening,
      silentMs: this.#silentMs,
      since,
      usualGapMs: usualGapMs(memory, now),
    })
  }

  #peers(open: readonly OwnChannel[], glance: Glance): readonly Reading[] {
    const byPeer = new Map<string, OwnChannel[]>()
    for (const own of open) {
      const pubkey = own.channel?.peer.pubkey
      if (pubkey === undefined) continue
      const channels = byPeer.get(pubkey)
      if (channels) channels.push(own)
      else byPeer.set(pubkey, [own])
    }
    const nodeCapacityMsat = capacityOf(open)
    for (const pubkey of this.#offlineSince.keys()) {
      if (!byPeer.has(pubkey)) this.#offlineSince.delete(pubkey)
    }
    const readings: Reading[] = []
    for (const [pubkey, channels] of byPeer) {
      if (channels.some(({ channel }) => channel?.active)) this.#offlineSince.delete(pubkey)
      else readings.push(readPeer(this.#offlinePeer(pubkey, channels, nodeCapacityMsat, glance)))
    }
    return readings
  }

  #offlinePeer(
    pubkey: string,
    channels: readonly OwnChannel[],
    nodeCapacityMsat: bigint,
    { memory, now, estimates }: Glance,
  ): PeerInput {
    const since = this.#offlineSince.get(pubkey) ?? now
    this.#offlineSince.set(pubkey, since)
    const views = channels.map(({ scid }) => channelView(memory, scid, '7d', now))
    const settled = sum(views, (view) => (view ? view.outgoing.settled + view.incoming.settled : 0))
    const days = (views[0]?.span.coveredMs ?? 0) / DAY_MS
    return {
      pubkey,
      isOffline: true,
      since,
      channels: channels.length,
      capacityMsat: capacityOf(channels),
      nodeCapacityMsat,
      forwardsPerDay: days > 0 ? settled / days : 0,
      demands: estimates ? sum(channels, ({ scid }) => estimates.refused(scid, now).away) : 0,
    }
  }

  #liquidity(open: readonly OwnChannel[], glance: Glance): readonly Reading[] {
    const { estimates, lowPct, now, elapsedMs } = glance
    const balances = open.map(spendableNow)
    const flowing = new Map(open.map(({ scid }, i) => [scid, Number(balances[i] ?? 0n)]))
    this.#outflow.look(flowing, elapsedMs)
    const readings: Reading[] = []
    for (const [i, { scid, channel }] of open.entries()) {
      if (channel === undefined) continue
      const reading = readLiquidity(
        {
          scid,
          localMsat: balances[i] ?? 0n,
          capacityMsat: channel.capacityMsat,
          outflowPerMs: this.#outflow.perMs(scid),
          refusedDemands: estimates?.refused(scid, now).balance ?? 0,
        },
        lowPct,
      )
      if (reading.level !== 'calm') readings.push(reading)
    }
    return readings
  }
}

/** What is known of a subject for the text of its alerts, but the money. */
export function describeSubject(memory: Memory, subject: Subject, nodeName: string) {
  if (subject === 'node') return { name: nodeName, localMsat: undefined, capacityMsat: undefined }
  const [room, id = ''] = subject.split(':')
  if (room === 'channel') {
    const channel = memory.book.get(id as Scid)?.channel
    const name = channel?.peer.alias ?? ''
    return { name, localMsat: channel?.localMsat, capacityMsat: channel?.capacityMsat }
  }
  const own = [...memory.book].find(({ channel }) => channel?.peer.pubkey === id)
  const name = own?.channel?.peer.alias ?? ''
  return { name, localMsat: undefined, capacityMsat: undefined }
}

const BLIND_WITHOUT_LND: ReadonlySet<AlertKind> = new Set([
  'lnd.silent',
  'peer.offline',
  'liq.low',
  'revenue.missed',
])

function revenue(
  inputs: readonly RevenueInput[],
  { memory, now, revenueMsat }: Glance,
): readonly Reading[] {
  const { forwards, span } = nodeView(memory, '30d', now)
  const days = BigInt(Math.max(1, Math.round(span.coveredMs / DAY_MS)))
  const usualMsat = usualRevenueThreshold(forwards.earnedMsat / days)
  const asked = revenueMsat.map((msat) => msat ?? usualMsat)
  const lowestMsat = asked.reduce((a, b) => (a < b ? a : b), asked[0] ?? usualMsat)
  return inputs
    .map((input) => readRevenue(input, { usualMsat, lowestMsat }))
    .filter(({ level }) => level !== 'calm')
}

/** Time listened per event over a week, in ms; undefined without enough of either. */
function usualGapMs(memory: Memory, now: number): number | undefined {
  const { forwards, own, span } = nodeView(memory, '7d', now)
  const events =
    attemptsOf(forwards) + own.sent + own.sendFailed + own.received + own.receiveRefused
  if (events < LEAST_EVENTS || span.coveredMs < LEAST_COVERED_MS) return undefined
  return span.coveredMs / events
}

function attemptsOf({ settled, failedDownstream, refused }: SideView): number {
  return settled + failedDownstream + sum(refused, ({ attempts }) => attempts)
}

function capacityOf(channels: readonly OwnChannel[]): bigint {
  return channels.reduce((total, { channel }) => total + (channel?.capacityMsat ?? 0n), 0n)
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
