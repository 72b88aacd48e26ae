import type { AlertDesk } from '../alerts/desk.ts'
import type { Estimates } from '../alerts/estimates.ts'
import type { DeliveryInput } from '../alerts/kinds/bot-delivery.ts'
import { USUAL_LOW_PCT } from '../alerts/kinds/liq-low.ts'
import { KINDS } from '../alerts/kinds.ts'
import type { Mailbox } from '../alerts/mailbox.ts'
import { describeSubject, type Glance, NodeWatch } from '../alerts/node-watch.ts'
import {
  ALERT_KINDS,
  type AlertKind,
  SENSITIVITIES,
  type Sensitivity,
} from '../analyzer/reading.ts'
import type { AlertPorts } from '../bot/contracts.ts'
import { type Clock, stepWatch } from '../clock.ts'
import type { NodeInfo } from '../lightning/channel.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Log } from '../log.ts'
import type { Memory } from '../stats/memory.ts'
import { Outflow } from '../stats/outflow.ts'
import { keepDesk, loadDesk } from '../store/alert-keeper.ts'
import type { Documents } from '../store/documents.ts'
import type { Saver } from '../store/saver.ts'
import type { SpikeSource } from './spiking.ts'

export type AlertingParts = {
  documents: Documents
  memory: Memory
  lnd(): LndStatus
  node(): NodeInfo | undefined
  clock: Clock
  log: Log
  spikes: SpikeSource
  estimates: Estimates
}

type WatchParts = AlertingParts & { outflow: Outflow }

/** What tells of alerts: the bot, once it runs. */
export type Teller = { tellAlerts(): void; delivery(): DeliveryInput }

/** Alerts, from what is measured to what the bot tells. Disposing it saves them a last time. */
export type Alerting = AsyncDisposable & {
  /** What the bot needs. */
  ports: AlertPorts
  /** Begins to look for alerts and to have them told. */
  watch(teller: Teller): AsyncDisposable
  /** What keeps alerts on disk. */
  saver: Pick<Saver, 'failingSince' | 'lastSavedAt'>
  /** How fast the outbound side of channels runs dry. */
  outflow: Outflow
  /** How many fire now, by kind. */
  firing(): Readonly<Record<AlertKind, number>>
}

const PASS_MS = 10_000
const PASSES_A_LOOK = 6

/**
 * Reads the alerts back and keeps them on disk.
 * @throws StoreError, or Error when a document is not readable.
 */
export async function openAlerting(parts: AlertingParts): Promise<Alerting> {
  const { documents, memory, clock, log, node, estimates, spikes } = parts
  const peerOf = (scid: Scid) => memory.book.get(scid)?.channel?.peer.pubkey
  const desk = await loadDesk(documents, KINDS, peerOf, clock.now())
  const saver = keepDesk(desk, documents, { clock, log, beside: () => spikes.takeDocuments() })
  const outflow = new Outflow()
  return {
    ports: {
      desk,
      save: () => saver.flush(),
      about: (subject) => ({
        ...describeSubject(memory, subject, node()?.alias ?? ''),
        missed: estimates.missed(subject),
      }),
      predictedPerWeek: (sensitivity) => spikes.predictedPerWeek(sensitivity),
      sparse: () => spikes.sparse(),
    },
    watch: (teller) => new Watch({ ...parts, outflow }, desk, saver, teller),
    saver,
    outflow,
    firing: () => countFiring(desk),
    [Symbol.asyncDispose]: () => {
      spikes.saveSoon()
      return saver[Symbol.asyncDispose]()
    },
  }
}

function countFiring({ book }: AlertDesk): Readonly<Record<AlertKind, number>> {
  const counts = Object.fromEntries(ALERT_KINDS.map((kind) => [kind, 0]))
  for (const { kind, state } of book.all()) {
    if (state === 'firing') counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts as Record<AlertKind, number>
}

/** Looks once a minute and lets time pass between, by the program's own clock. */
class Watch implements AsyncDisposable {
  readonly #parts: WatchParts
  readonly #stop = new AbortController()
  readonly #loop: Promise<void>

  constructor(parts: WatchParts, desk: AlertDesk, saver: Saver, teller: Teller) {
    this.#parts = parts
    this.#loop = this.#run(desk, saver, teller)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  async #run(desk: AlertDesk, saver: Saver, teller: Teller): Promise<void> {
    const { clock, log } = this.#parts
    const lap = stopwatch(clock, log)
    const observe = observerOf(this.#parts, desk, teller)
    let passes = 0
    for (;;) {
      await clock.sleep(PASS_MS, this.#stop.signal)
      if (this.#stop.signal.aborted) return
      try {
        const { elapsedMs, hasJumped } = lap()
        // What came while the clock was set lies behind it: it is no news, and a minute must be whole.
        passes = hasJumped ? 0 : passes + 1
        if (passes === PASSES_A_LOOK) {
          passes = 0
          observe(elapsedMs)
        } else desk.pass(clock.now(), elapsedMs)
        // What happened is on disk before it is told.
        await saver.flush()
      } catch (error) {
        log.error({ err: error }, 'the look for alerts failed; the next is in ten seconds')
      }
      teller.tellAlerts()
    }
  }
}

/** Returns what reads all conditions and takes them in. */
function observerOf(
  parts: WatchParts,
  desk: AlertDesk,
  teller: Teller,
): (elapsedMs: number) => void {
  const { memory, clock, lnd, spikes, estimates } = parts
  const watch = new NodeWatch(parts.outflow)
  let lookedAt = clock.monotonic()
  return (elapsedMs) => {
    const now = clock.now()
    const boxes = [...desk.boxes()].map(([, box]) => box)
    const state = watch.read({
      now,
      elapsedMs: clock.monotonic() - lookedAt,
      memory,
      lnd: lnd(),
      delivery: teller.delivery(),
      estimates,
      ...thresholdsOf(boxes),
    })
    lookedAt = clock.monotonic()
    const spiking = spikes.readings(now, sensitivityOf(boxes))
    desk.observe({
      now,
      elapsedMs,
      readings: [...state.readings, ...spiking.readings],
      blindKinds: new Set([...state.blindKinds, ...spiking.blindKinds]),
    })
    for (const { kind, subject } of desk.book.takeSettled()) spikes.learn(kind, subject)
    spikes.saveSoon()
  }
}

/** Conditions fire at the threshold of the chat that wants to know first. */
function thresholdsOf(boxes: readonly Mailbox[]): Pick<Glance, 'revenueMsat' | 'lowPct'> {
  const preferences = boxes.map(({ state }) => state.preferences)
  const lowPcts = preferences.map(({ lowPct }) => lowPct)
  return {
    revenueMsat: preferences.map(({ revenueMsat }) => revenueMsat),
    lowPct: lowPcts.length === 0 ? USUAL_LOW_PCT : Math.max(...lowPcts),
  }
}

/** Spikes are told from the setting of the most sensitive chat on. */
function sensitivityOf(boxes: readonly Mailbox[]): Sensitivity {
  const set = new Set(boxes.map(({ state }) => state.preferences.sensitivity))
  return SENSITIVITIES.findLast((one) => set.has(one)) ?? 'normal'
}

/**
 * Returns a function that tells the ms since its last call, by the clock that never steps, and
 * whether the clock on the wall went another way meanwhile.
 */
function stopwatch(clock: Clock, log: Log): () => { elapsedMs: number; hasJumped: boolean } {
  const stepped = stepWatch(clock)
  let mono = clock.monotonic()
  return () => {
    const jumpedMs = stepped()
    const hasJumped = jumpedMs !== 0
    if (hasJumped) {
      log.info({ jumpedMs: Math.round(jumpedMs) }, 'the clock was set, or the machine slept')
    }
    const elapsedMs = clock.monotonic() - mono
    mono += elapsedMs
    return { elapsedMs, hasJumped }
  }
}
