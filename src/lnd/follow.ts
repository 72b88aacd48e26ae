import type { ClientReadableStream } from '@grpc/grpc-js'
import type { Clock } from '../clock.ts'
import type { NodeInfo } from '../lightning/channel.ts'
import type { HtlcEvent } from '../lightning/htlc.ts'
import { retryDelayMs, slowRetryDelayMs } from './backoff.ts'
import type { Connection, Session } from './connection.ts'
import { isSilence, LndError, lndErrorOf } from './errors.ts'
import { HtlcReader } from './htlc-reader.ts'
import type { StatusBoard } from './status-board.ts'
import type { LndTimings } from './timings.ts'
import { isSupported, permitsPings } from './version.ts'
import { METHODS, nodeInfoFrom, walletStateFrom } from './wire.ts'

/** Who listens to the HTLC stream. Its functions are called at once and must return soon. */
export type StreamSink = {
  /**
   * LND's description of itself, before anything is listened to: an event of a node that is not
   * wanted must not be counted. Nothing is subscribed to when it rejects.
   */
  node?(info: NodeInfo): Promise<void>
  /** The subscription stands: from here on nothing is missed. */
  up(at: number): void
  /** It stands no longer; `reason` is LND's or the connection's own word. Once for each `up`. */
  down(at: number, reason: string): void
  /** Each event but `subscribed`, which is told by `up`. */
  event(event: HtlcEvent): void
}

export type FollowParts = {
  connection: Connection
  board: StatusBoard
  clock: Clock
  timings: LndTimings
  /** In [0, 1). */
  random: () => number
}

/**
 * Listens to LND's HTLC events until the signal aborts: waits until LND is ready, subscribes, and
 * starts over after whatever ends the stream, once for each end.
 */
export async function follow(
  parts: FollowParts,
  sink: StreamSink,
  signal: AbortSignal,
): Promise<void> {
  const { board, clock, timings, random } = parts
  const follower = new Follower(parts, sink, signal)
  let attempt = 0
  while (!signal.aborted) {
    const end = await follower.listenOnce()
    if (signal.aborted) return
    board.report(end.error.state, end.error.message)
    if (end.wasUp) attempt = 0
    const delay = end.error.retryable ? retryDelayMs : slowRetryDelayMs
    await clock.sleep(delay(attempt, random(), timings), signal)
    attempt += 1
  }
}

/** How one subscription, or the attempt at one, ended. */
type End = { wasUp: boolean; error: LndError }

class Follower {
  readonly #parts: FollowParts
  readonly #sink: StreamSink
  readonly #signal: AbortSignal
  readonly #reader = new HtlcReader()

  constructor(parts: FollowParts, sink: StreamSink, signal: AbortSignal) {
    this.#parts = parts
    this.#sink = sink
    this.#signal = signal
  }

  /** Never rejects. A connection that failed is given up, so that the next is a new one. */
  async listenOnce(): Promise<End> {
    const { connection } = this.#parts
    let session: Session | undefined
    try {
      session = await connection.session()
      await this.#untilActive(session)
      const version = await this.#checkedNode(session)
      return await this.#listen(session, version)
    } catch (error) {
      return { wasUp: false, error: lndErrorOf(error) }
    } finally {
      if (session) await connection.giveUp(session)
    }
  }

  // A stream opened before SERVER_ACTIVE hangs without a word; LND's other calls give errors.
  async #untilActive(session: Session): Promise<void> {
    const { connection, board, clock, timings } = this.#parts
    for (;;) {
      const answer = await connection.callOn(session, METHODS.getState, {})
      const state = walletStateFrom(answer)
      if (state === 'SERVER_ACTIVE') return
      if (state === 'LOCKED') board.report('locked', 'the wallet is locked')
      else if (state === 'NON_EXISTING') board.report('wallet-missing', 'there is no wallet yet')
      else board.report('starting', `LND says ${state}`)
      await clock.sleep(timings.statePollMs, this.#signal)
      if (this.#signal.aborted) throw new LndError('connecting', 'stopped')
    }
  }

  async #checkedNode(session: Session): Promise<string> {
    const { connection } = this.#parts
    const answer = await connection.callOn(session, METHODS.getInfo, {})
    const info = nodeInfoFrom(answer)
    const { version } = info
    if (!isSupported(version))
      throw new LndError('too-old', `LND ${version} is too old: 0.16 or later is needed`)
    if (connection.slowPings(!permitsPings(version)))
      throw new LndError('connecting', `LND ${version} wants pings at another rate`)
    await this.#sink.node?.(info)
    return version
  }

  async #listen(session: Session, version: string): Promise<End> {
    const { connection } = this.#parts
    const read = (bytes: Buffer) => this.#reader.read(bytes)
    const stream = connection.stream(session, METHODS.subscribeHtlcEvents, read)
    const ended = new AbortController()
    const over = AbortSignal.any([this.#signal, ended.signal])
    const subscription = { up: false }
    try {
      const error = await Promise.race([
        this.#drain(stream, subscription, version),
        this.#watch(session, subscription, over),
      ])
      if (subscription.up) this.#sink.down(this.#parts.clock.now(), error.message)
      return { wasUp: subscription.up, error }
    } finally {
      ended.abort()
      stream.removeAllListeners('data')
      stream.cancel()
    }
  }

  /** Hands events on until the stream ends, by itself or by an error, and says why. */
  #drain(
    stream: ClientReadableStream<HtlcEvent>,
    subscription: { up: boolean },
    version: string,
  ): Promise<LndError> {
    const { board, clock } = this.#parts
    const sink = this.#sink
    return new Promise((resolve) => {
      stream.on('data', (event: HtlcEvent) => {
        if (!subscription.up) {
          subscription.up = true
          board.listening(version)
          sink.up(clock.now())
        }
        if (event.kind !== 'subscribed') sink.event(event)
      })
      // Without a listener for it an error would end the process; it stays after the first.
      stream.on('error', (error) => resolve(lndErrorOf(error)))
      stream.on('end', () => resolve(new LndError('connecting', 'LND ended the event stream')))
    })
  }

  /**
   * Asks LND something now and then on the stream's own connection, and resolves when no answer
   * comes: a path that died without a word. Another error is an answer: a stream lives on when its
   * macaroon is revoked. Also resolves when the subscription is never confirmed, or it is over.
   */
  async #watch(
    session: Session,
    subscription: { up: boolean },
    over: AbortSignal,
  ): Promise<LndError> {
    const { connection, clock, timings } = this.#parts
    for (;;) {
      await clock.sleep(timings.watchdogMs, over)
      if (over.aborted) return new LndError('connecting', 'stopped')
      if (!subscription.up) return new LndError('starting', 'LND does not confirm the subscription')
      const error = await connection
        .callOn(session, METHODS.getInfo, {}, timings.watchdogDeadlineMs)
        .then(() => undefined, lndErrorOf)
      if (error && isSilence(error)) return error
    }
  }
}
