import { nextStep, type PlanContext } from '../alerts/plan.ts'
import type { Attempt } from './attempt.ts'
import { digestAttempt } from './digest-attempt.ts'
import { letterAttempt } from './letter-attempt.ts'
import type { OutboxDeps, Recipient } from './outbox-deps.ts'
import type { Outcome } from './outcome.ts'

// The disk may be free again by then.
const UNSAVED_WAIT_MS = 5_000

/**
 * Says in every chat what its mailbox holds, at least once: that something is under way is on disk
 * before its call, how it ended after it. One loop a chat, so that none waits for another.
 */
export class Outbox implements AsyncDisposable {
  readonly #deps: OutboxDeps
  readonly #stop = new AbortController()
  readonly #loops = new Map<number, Promise<void>>()
  readonly #naps = new Map<number, AbortController>()

  constructor(deps: OutboxDeps) {
    this.#deps = deps
  }

  /** Looks whether there is something to say, everywhere or in one chat. */
  nudge(chatIds: readonly number[] = this.#deps.chatIds()): void {
    for (const chatId of chatIds) {
      this.#naps.get(chatId)?.abort()
      if (this.#stop.signal.aborted || this.#loops.has(chatId)) continue
      const loop = this.#empty(chatId)
        .catch((error) => this.#deps.log.error({ err: error, chat: chatId }, 'the outbox failed'))
        .finally(() => this.#loops.delete(chatId))
      this.#loops.set(chatId, loop)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    for (const nap of this.#naps.values()) nap.abort()
    await Promise.all(this.#loops.values())
  }

  async #empty(chatId: number): Promise<void> {
    const { reach, attempt, recipient, desk, log } = this.#deps
    while (!this.#stop.signal.aborted) {
      await reach.ready()
      const to = recipient(chatId)
      if (to === undefined || !to.isOpen || this.#stop.signal.aborted) return
      const step = nextStep(desk.box(chatId), this.#context(to))
      if (step.kind === 'idle') return
      if (step.kind === 'wait') {
        await this.#nap(chatId, step.ms)
        continue
      }
      let tried: Attempt | 'unsaved' | undefined
      const outcome = await attempt(chatId, async () => {
        tried = await this.#prepare(chatId)
        return typeof tried === 'object' ? tried.compose() : undefined
      }).catch((error: unknown): Outcome => {
        // A text that cannot be made must not stand in the way of the others.
        log.error(
          { err: error, chat: chatId },
          'a message that nobody asked for could not be written',
        )
        return { kind: 'bad-message', reason: 'it could not be written' }
      })
      if (tried === 'unsaved') await this.#nap(chatId, UNSAVED_WAIT_MS)
      else if (tried && outcome) await this.#conclude(chatId, tried, outcome)
      if (outcome?.kind === 'fatal') return
    }
  }

  /** Decides anew, at the moment of sending, and puts on disk what is about to be said. */
  async #prepare(chatId: number): Promise<Attempt | 'unsaved' | undefined> {
    const { desk, recipient } = this.#deps
    const to = recipient(chatId)
    if (to === undefined || this.#stop.signal.aborted) return undefined
    const step = nextStep(desk.box(chatId), this.#context(to))
    const begin = step.kind === 'digest' ? digestAttempt : letterAttempt
    const attempt = begin(step, chatId, to, this.#deps)
    if (attempt === undefined || (await this.#isSaved(chatId))) return attempt
    attempt.takeBack()
    return 'unsaved'
  }

  async #conclude(chatId: number, attempt: Attempt, outcome: Outcome): Promise<void> {
    const { reach, onSent } = this.#deps
    attempt.conclude(outcome)
    if (outcome.kind === 'sent') {
      reach.proven()
      await onSent(chatId)
    }
    const isOut = outcome.kind === 'not-sent' && outcome.retryAfterMs === undefined
    if (isOut || outcome.kind === 'ambiguous') reach.lost()
    await this.#isSaved(chatId)
  }

  async #isSaved(chatId: number): Promise<boolean> {
    try {
      await this.#deps.save()
      return true
    } catch (error) {
      this.#deps.log.error({ err: error, chat: chatId }, 'an alert waits: it cannot be saved')
      return false
    }
  }

  /** Sleeps until the time is over, or something new is to be said. */
  async #nap(chatId: number, ms: number): Promise<void> {
    const nap = new AbortController()
    this.#naps.set(chatId, nap)
    if (this.#stop.signal.aborted) nap.abort()
    await this.#deps.clock.sleep(ms, nap.signal)
    this.#naps.delete(chatId)
  }

  #context({ timeZone }: Recipient): PlanContext {
    const { desk, clock } = this.#deps
    return { book: desk.book, now: clock.now(), timeZone, peerOf: desk.peerOf }
  }
}
