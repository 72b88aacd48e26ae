import type { AlertDesk } from './alerts/desk.ts'
import type { DeliveryInput } from './alerts/kinds/bot-delivery.ts'
import { USUAL_LOW_PCT } from './alerts/kinds/liq-low.ts'
import { KINDS } from './alerts/kinds.ts'
import type { Mailbox } from './alerts/mailbox.ts'
import { describeSubject, type Estimates, type Glance, NodeWatch } from './alerts/node-watch.ts'
import type { AlertKind, Reading, Sensitivity, Subject } from './analyzer/reading.ts'
import type { Missed } from './analyzer/views.ts'
import type { AlertPorts } from './bot/contracts.ts'
import type { Clock } from './clock.ts'
import type { NodeInfo } from './lightning/channel.ts'
import type { LndStatus } from './lightning/node-status.ts'
import type { Scid } from './lightning/scid.ts'
import type { Log } from './log.ts'
import type { Memory } from './stats/memory.ts'
import { keepDesk, loadDesk } from './store/alert-keeper.ts'
import type { Documents } from './store/documents.ts'
import type { Saver } from './store/saver.ts'

/** The detector of spikes, as the alerts see it. */
export type SpikeSource = {
  /** Once a minute: every spike condition that is not calm, and `unknown` for all while it is blind. */
  readings(now: number): { readings: readonly Reading[]; blindKinds: ReadonlySet<AlertKind> }
  /** A spike went on for so long, or was called the new normal: learn it quickly. */
  learn(kind: AlertKind, subject: Subject): void
  /** Alerts a week to expect from the node's own history; undefined without enough of it. */
  predictedPerWeek(sensitivity: Sensitivity): number | undefined
}

export type AlertingParts = {
  documents: Documents
  memory: Memory
  lnd(): LndStatus
  node(): NodeInfo | undefined
  clock: Clock
  log: Log
  /** Undefined: there are no spike alerts. */
  spikes: SpikeSource | undefined
  /** Undefined: there are no alerts about missed revenue. */
  estimates: (Estimates & { missed(subject: Subject, now: number): Missed | undefined }) | undefined
}

/** What tells of alerts: the bot, once it runs. */
export type Teller = { tellAlerts(): void; delivery(): DeliveryInput }

/** Alerts, from what is measured to what the bot tells. Disposing it saves them a last time. */
export type Alerting = AsyncDisposable & {
  /** What the bot needs. */
  ports: AlertPorts
  /** Begins to look for alerts and to have them told. */
  watch(teller: Teller): AsyncDisposable
  /** Whether the last save succeeded. */
  healthy(): boolean
}

const PASS_MS = 10_000
const PASSES_A_LOOK = 6
// Beyond that the program hung or the machine slept, or somebody set the clock.
const JUMP_MS = 30_000

/**
 * Reads the alerts back and keeps them on disk.
 * @throws StoreError, or Error when a document is not readable.
 */
export async function openAlerting(parts: AlertingParts): Promise<Alerting> {
  const { documents, memory, clock, log, node, estimates, spikes } = parts
  const peerOf = (scid: Scid) => memory.book.get(scid)?.channel?.peer.pubkey
  const desk = await loadDesk(documents, KINDS, peerOf, clock.now())
  const saver = keepDesk(desk, documents, { clock, log })
  return {
    ports: {
      desk,
      save: () => saver.flush(),
      about: (subject) => ({
        ...describeSubject(memory, subject, node()?.alias ?? ''),
        missed: estimates?.missed(subject, clock.now()),
      }),
      predictedPerWeek: (sensitivity) => spikes?.predictedPerWeek(sensitivity),
    },
    watch: (teller) => new Watch(parts, desk, saver, teller),
    healthy: () => saver.healthy(),
    [Symbol.asyncDispose]: () => saver[Symbol.asyncDispose](),
  }
}

/** Looks once a minute and lets time pass between, by the program's own clock. */
class Watch implements AsyncDisposable {
  readonly #parts: AlertingParts
  readonly #stop = new AbortController()
  readonly #loop: Promise<void>

  constructor(parts: AlertingParts, desk: AlertDesk, saver: Saver, teller: Teller) {
    this.#parts = parts
    this.#loop = this.#run(desk, saver, teller)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  async #run(desk: AlertDesk, saver: Saver, teller: Teller): Promise<void> {
    const { clock, log } = this.#parts
    const elapsed = stopwatch(clock, log)
    const observe = observerOf(this.#parts, desk, teller, elapsed)
    for (let round = 1; ; round++) {
      await clock.sleep(PASS_MS, this.#stop.signal)
      if (this.#stop.signal.aborted) return
      try {
        if (round % PASSES_A_LOOK === 0) observe()
        else desk.pass(clock.now(), elapsed())
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
  parts: AlertingParts,
  desk: AlertDesk,
  teller: Teller,
  elapsed: () => number,
): () => void {
  const { memory, clock, lnd, spikes, estimates } = parts
  const watch = new NodeWatch()
  let lookedAt = clock.monotonic()
  return () => {
    const now = clock.now()
    const state = watch.read({
      now,
      elapsedMs: clock.monotonic() - lookedAt,
      memory,
      lnd: lnd(),
      delivery: teller.delivery(),
      estimates,
      ...thresholdsOf([...desk.boxes()].map(([, box]) => box)),
    })
    lookedAt = clock.monotonic()
    const spiking = spikes?.readings(now)
    desk.observe({
      now,
      elapsedMs: elapsed(),
      readings: [...state.readings, ...(spiking?.readings ?? [])],
      blindKinds: new Set([...state.blindKinds, ...(spiking?.blindKinds ?? [])]),
    })
    for (const { kind, subject } of desk.book.takeSettled()) spikes?.learn(kind, subject)
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

/** Returns a function that tells the ms since its last call, by the clock that never steps. */
function stopwatch(clock: Clock, log: Log): () => number {
  let mono = clock.monotonic()
  let wall = clock.now()
  return () => {
    const elapsedMs = clock.monotonic() - mono
    const jumpedMs = clock.now() - wall - elapsedMs
    if (Math.abs(jumpedMs) > JUMP_MS) {
      log.info({ jumpedMs: Math.round(jumpedMs) }, 'the clock was set, or the machine slept')
    }
    mono = clock.monotonic()
    wall = clock.now()
    return elapsedMs
  }
}
