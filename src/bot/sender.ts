import type { Api } from 'grammy'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Message } from '../messages/message.ts'
import { type Job, newJob, type Target } from './job.ts'
import { botBucket, Lane } from './lane.ts'
import type { Outcome } from './outcome.ts'
import type { ChatAction } from './progress.ts'
import { answerPress, fallbackOf, say, showAction } from './say.ts'
import { reasonOf } from './telegram-error.ts'
import { type Draw, withUpload } from './uploads.ts'
import { within } from './within.ts'

/** What others must learn of what happens to messages. */
export type SenderEvents = {
  onDead(chatId: number, reason: string, recheck: boolean): Promise<void>
  onMigrated(from: number, to: number): Promise<void>
  onThreadGone(chatId: number, threadId: number): Promise<void>
  onFatal(error: Error): void
}

// A reply that comes later than this answers a question nobody remembers.
const MAX_REPLY_WAIT_MS = 60_000
// A group's bucket fills up within 4 s; any longer and Telegram asked for it meanwhile.
const MAX_TURN_WAIT_MS = 5_000
// A person who presses faster than one message a second piles up this many at most.
const MAX_WAITING = 50
// Configured and paired chats (100 each) and strangers (40 in ten minutes) stay below it.
const MAX_LANES = 300
const FIRST_RETRY_MS = 1_000
// A call that hangs must not hold up the end of the program.
const CLOSING_MS = 3_000
// As many chats with a 429 as this mean that Telegram limits the bot, not a chat.
const LIMITED_CHATS = 3
// Each of them (plain text, no topic, new instead of edit, moved chat) is taken once.
const MAX_FALLBACKS = 4

/**
 * The one place that says anything in a chat. Keeps each chat's order and Telegram's rates, obeys
 * its waits, and turns every failure into an Outcome: it never throws.
 */
export class Sender implements AsyncDisposable {
  readonly #api: Api
  readonly #draw: Draw | undefined
  readonly #clock: Clock
  readonly #log: Log
  readonly #events: SenderEvents
  readonly #lanes = new Map<number, Lane>()
  readonly #bucket = botBucket()
  readonly #closing = new AbortController()
  #frozenUntil = 0
  droppedReplies = 0

  constructor(api: Api, clock: Clock, log: Log, events: SenderEvents, draw?: Draw) {
    this.#api = api
    this.#draw = draw
    this.#clock = clock
    this.#log = log
    this.#events = events
  }

  /** Messages that wait for their turn, those under way included. */
  get waiting(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.waiting, 0)
  }

  /** Says something new. What cannot be said within a minute is given up and logged. */
  reply(target: Target, message: Message): Promise<Outcome> {
    return this.#enqueue(newJob(target, message), true)
  }

  /** Replaces a message in place; where it is gone, says it anew. */
  edit(target: Target, messageId: number, message: Message): Promise<Outcome> {
    return this.#enqueue({ ...newJob(target, message), editId: messageId }, true)
  }

  /** Tries once to say something that nobody asked for; whoever pushes owns further tries. */
  push(target: Target, message: Message): Promise<Outcome> {
    return this.#enqueue(newJob(target, message), false)
  }

  /**
   * Tries once to say what `compose` returns when it is the chat's turn and its rates allow a
   * message: what is true then, not when it was asked for. Resolves with undefined when nothing was
   * tried: compose had nothing to say, or others took the turn. Whoever calls owns further tries.
   */
  async attempt(
    chatId: number,
    compose: () => Promise<Job | undefined>,
  ): Promise<Outcome | undefined> {
    const lane = this.#lane(chatId)
    // Outside the lane: replies may still be given up while Telegram wants a long wait.
    const wait = Math.max(lane.frozenUntil, this.#frozenUntil) - this.#clock.monotonic()
    if (wait > 0) await this.#clock.sleep(wait, this.#closing.signal)
    lane.waiting += 1
    const done = lane.tail.then(() => this.#attemptNow(lane, compose))
    lane.tail = done
      .catch(() => undefined)
      .then(() => {
        lane.waiting -= 1
      })
    return done
  }

  /** Shows in a chat that an answer is under way, where its rates allow calls now. */
  act(target: Target, action: ChatAction): void {
    const frozenUntil = Math.max(
      this.#frozenUntil,
      this.#lanes.get(target.chatId)?.frozenUntil ?? 0,
    )
    if (frozenUntil > this.#clock.monotonic() || this.#closing.signal.aborted) return
    showAction(this.#api, target, action).catch((error: unknown) => {
      this.#log.debug({ reason: reasonOf(error) }, 'an action could not be shown')
    })
  }

  /** Ends the waiting of a button's presser, with a short notice or silently. */
  async answer(queryId: string, notice?: string): Promise<void> {
    try {
      await answerPress(this.#api, queryId, notice)
    } catch (error) {
      // "query is too old" is usual after a restart; the press is carried out all the same.
      this.#log.debug({ err: error }, 'a press could not be answered')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    const done = Promise.all([...this.#lanes.values()].map((lane) => lane.tail))
    await within(CLOSING_MS, this.#clock, done)
  }

  #enqueue(job: Job, isReply: boolean): Promise<Outcome> {
    const lane = this.#lane(job.chatId)
    if (lane.waiting >= MAX_WAITING) {
      return Promise.resolve(this.#giveUp(job, notSent('too many messages wait for this chat')))
    }
    lane.waiting += 1
    const done = lane.tail
      .then(() => this.#deliver(lane, job, isReply))
      .catch((error) => this.#giveUp(job, { kind: 'bad-message', reason: reasonOf(error) }))
    lane.tail = done.then(() => {
      lane.waiting -= 1
    })
    return done
  }

  async #attemptNow(
    lane: Lane,
    compose: () => Promise<Job | undefined>,
  ): Promise<Outcome | undefined> {
    const missingMs = await this.#turn(lane, this.#clock.monotonic() + MAX_TURN_WAIT_MS)
    if (missingMs > 0 || this.#closing.signal.aborted) return undefined
    const composed = await compose()
    if (composed === undefined) return undefined
    const job = await withUpload(composed, this.#draw, this.#log)
    const outcome = await say(this.#api, job)
    if (outcome.kind === 'sent') return outcome
    await this.#learn(job, outcome)
    if (outcome.kind === 'not-sent' && outcome.retryAfterMs !== undefined)
      this.#hold(lane, outcome, 0)
    return outcome
  }

  /** Tries until the message is said, cannot be said, or its time is over. */
  async #deliver(lane: Lane, first: Job, isReply: boolean): Promise<Outcome> {
    const deadline = this.#clock.monotonic() + MAX_REPLY_WAIT_MS
    let outcome: Outcome = notSent('not tried: Telegram wants a longer wait')
    let job = await withUpload(first, this.#draw, this.#log)
    let retries = 0
    for (let fallbacks = 0; fallbacks <= MAX_FALLBACKS; ) {
      const missingMs = await this.#turn(lane, deadline)
      if (missingMs > 0) {
        if (outcome.kind === 'not-sent') outcome = notSent(outcome.reason, missingMs)
        break
      }
      outcome = await say(this.#api, job)
      if (outcome.kind === 'sent') return outcome
      await this.#learn(job, outcome)
      const next = fallbackOf(job, outcome)
      if (next) {
        this.#log.warn({ chat: job.chatId, outcome }, 'a message is sent in another way')
        job = next
        fallbacks += 1
        continue
      }
      if (!isReply && outcome.kind !== 'not-sent') break
      if (!this.#hold(lane, outcome, retries) || !isReply) break
      retries += 1
    }
    return this.#giveUp(job, outcome)
  }

  /** Waits until the chat may get a message and returns 0, or how long it would still be. */
  async #turn(lane: Lane, deadline: number): Promise<number> {
    for (;;) {
      const now = this.#clock.monotonic()
      const wait = Math.max(lane.waitMs(now), this.#bucket.waitMs(now), this.#frozenUntil - now)
      if (wait <= 0) {
        lane.take(now)
        this.#bucket.take(now)
        return 0
      }
      if (now + wait > deadline || this.#closing.signal.aborted) return wait
      await this.#clock.sleep(wait, this.#closing.signal)
    }
  }

  /** Tells the rest of the bot what an outcome says about the chat itself. */
  async #learn({ chatId, threadId }: Job, outcome: Outcome): Promise<void> {
    try {
      if (outcome.kind === 'migrated') await this.#events.onMigrated(chatId, outcome.chatId)
      if (outcome.kind === 'dead') {
        await this.#events.onDead(chatId, outcome.reason, outcome.recheck)
      }
      if (outcome.kind === 'thread-gone' && threadId !== undefined) {
        await this.#events.onThreadGone(chatId, threadId)
      }
    } catch (error) {
      this.#log.error({ err: error }, 'what became of a chat could not be saved')
    }
    if (outcome.kind === 'fatal') this.#events.onFatal(outcome.error)
  }

  /** Keeps the chat quiet until the next try; false when there is to be none. */
  #hold(lane: Lane, outcome: Outcome, retries: number): boolean {
    if (outcome.kind !== 'not-sent' && outcome.kind !== 'ambiguous') return false
    // A reply that comes twice does less harm than none, but only once.
    if (outcome.kind === 'ambiguous' && retries > 0) return false
    const asked = outcome.kind === 'not-sent' ? outcome.retryAfterMs : undefined
    const now = this.#clock.monotonic()
    lane.frozenUntil = now + (asked ?? FIRST_RETRY_MS * 2 ** retries)
    const frozen = [...this.#lanes.values()].filter(({ limitedUntil }) => limitedUntil > now)
    if (asked === undefined) return true
    lane.limitedUntil = lane.frozenUntil
    if (frozen.length + 1 >= LIMITED_CHATS) this.#frozenUntil = lane.frozenUntil
    return true
  }

  #giveUp(job: Job, outcome: Outcome): Outcome {
    const reason = 'reason' in outcome ? outcome.reason : undefined
    this.#log.warn(
      { chat: job.chatId, outcome: outcome.kind, reason },
      'a message was not delivered',
    )
    if (outcome.kind === 'not-sent') this.droppedReplies += 1
    return outcome
  }

  #lane(chatId: number): Lane {
    const known = this.#lanes.get(chatId)
    if (known) return known
    if (this.#lanes.size >= MAX_LANES) this.#dropIdleLane()
    const lane = new Lane(chatId)
    this.#lanes.set(chatId, lane)
    return lane
  }

  #dropIdleLane(): void {
    for (const [chatId, { waiting }] of this.#lanes) {
      if (waiting === 0) {
        this.#lanes.delete(chatId)
        return
      }
    }
  }
}

function notSent(reason: string, retryAfterMs?: number): Outcome {
  return { kind: 'not-sent', reason, retryAfterMs }
}
