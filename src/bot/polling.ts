import { type Bot, GrammyError } from 'grammy'
import type { Update, UserFromGetMe } from 'grammy/types'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { callTimeout, grammySignal } from './signal.ts'
import { fatalError, reasonOf } from './telegram-error.ts'

const LONG_POLL_SECONDS = 30
const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
// A program that was just restarted may still have its former poll open at Telegram's side.
const MAX_CONFLICTS = 3

/**
 * Fetches what people write, by long polling, for as long as the program runs. Whatever goes wrong
 * with Telegram is waited out; only a refused token and a second poller end it. grammY's own loop
 * waits up to twenty minutes between tries and ends when a handler fails.
 */
export class Polling {
  readonly #bot: Bot
  readonly #clock: Clock
  readonly #log: Log
  readonly #signal: AbortSignal
  #failingSince: number | undefined
  #conflicts = 0
  /** Epoch ms of the last failed call; undefined when none ever failed. */
  lastTroubleAt: number | undefined
  /** Epoch ms since when no call has succeeded; undefined while the last one did. */
  downSince: number | undefined

  constructor(bot: Bot, clock: Clock, log: Log, signal: AbortSignal) {
    this.#bot = bot
    this.#clock = clock
    this.#log = log
    this.#signal = signal
    this.downSince = clock.now()
  }

  /**
   * Runs until the signal aborts, then finishes the update in hand.
   * @throws TelegramError when no retry can help.
   */
  async run(onReady: (me: UserFromGetMe) => void): Promise<void> {
    const { api } = this.#bot
    const me = await this.#insist('getMe', () => api.getMe(this.#callSignal()))
    if (me === undefined) return
    this.#bot.botInfo = me
    await this.#insist('deleteWebhook', () => api.deleteWebhook({}, this.#callSignal()))
    onReady(me)
    let offset = 0
    while (!this.#signal.aborted) {
      const updates = await this.#insist('getUpdates', () => this.#fetch(offset))
      for (const update of updates ?? []) {
        if (this.#signal.aborted) break
        offset = update.update_id + 1
        await this.#handle(update)
      }
    }
    await this.#confirm(offset)
  }

  #fetch(offset: number): Promise<Update[]> {
    const asked = { offset, timeout: LONG_POLL_SECONDS, allowed_updates: ALLOWED_UPDATES }
    return this.#bot.api.getUpdates(asked, this.#callSignal())
  }

  /** A failing handler costs its update alone. */
  async #handle(update: Update): Promise<void> {
    try {
      await this.#bot.handleUpdate(update)
    } catch (error) {
      this.#log.error({ err: error, update: update.update_id }, 'an update could not be handled')
    }
  }

  /** Tells Telegram what was handled, so that the next start does not answer it again. */
  async #confirm(offset: number): Promise<void> {
    if (offset === 0) return
    try {
      await this.#bot.api.getUpdates({ offset, limit: 1, timeout: 0 }, callTimeout())
    } catch (error) {
      this.#log.debug({ reason: reasonOf(error) }, 'the last updates could not be confirmed')
    }
  }

  /** Calls until it succeeds; undefined when the signal aborts first. */
  async #insist<T>(method: string, call: () => Promise<T>): Promise<T | undefined> {
    for (let wait = FIRST_WAIT_MS; !this.#signal.aborted; wait *= 2) {
      try {
        const result = await call()
        this.#reached()
        return result
      } catch (error) {
        if (this.#signal.aborted) return undefined
        this.#judge(error, method)
        const asked = error instanceof GrammyError ? error.parameters.retry_after : undefined
        await this.#clock.sleep(
          asked === undefined ? Math.min(wait, LONGEST_WAIT_MS) : asked * 1000,
          this.#signal,
        )
      }
    }
    return undefined
  }

  #judge(error: unknown, method: string): void {
    const fatal = fatalError(error, method)
    const isConflict = error instanceof GrammyError && error.error_code === 409
    this.#conflicts += isConflict ? 1 : 0
    if (fatal && (!isConflict || this.#conflicts >= MAX_CONFLICTS)) throw fatal
    this.lastTroubleAt = this.#clock.now()
    this.downSince ??= this.lastTroubleAt
    if (this.#failingSince !== undefined) return
    this.#failingSince = this.#clock.monotonic()
    this.#log.warn({ method, reason: reasonOf(error) }, 'Telegram cannot be reached; trying again')
  }

  #reached(): void {
    this.#conflicts = 0
    this.downSince = undefined
    if (this.#failingSince === undefined) return
    const afterMs = Math.round(this.#clock.monotonic() - this.#failingSince)
    this.#failingSince = undefined
    this.#log.info({ afterMs }, 'Telegram is reached again')
  }

  #callSignal() {
    return grammySignal(this.#signal)
  }
}
