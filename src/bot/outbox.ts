import type { Alert } from '../alerts/alert.ts'
import type { Step } from '../alerts/announce.ts'
import type { AlertDesk } from '../alerts/desk.ts'
import type { Letter } from '../alerts/letter.ts'
import type { Mailbox } from '../alerts/mailbox.ts'
import { nextStep, type PlanContext } from '../alerts/plan.ts'
import type { Subject } from '../analyzer/reading.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { SubjectFacts } from '../messages/alerts/alert-text.ts'
import { letterMessage } from '../messages/alerts/letter.ts'
import type { LetterView } from '../messages/alerts/letter-view.ts'
import type { Outcome } from './outcome.ts'
import type { Reach } from './reach.ts'
import { type Job, newJob } from './say.ts'

/** A chat as the outbox sees it. */
export type Recipient = {
  timeZone: string
  threadId: number | undefined
  /** Whether it takes messages now, as far as is known. */
  isOpen: boolean
}

export type OutboxDeps = {
  clock: Clock
  log: Log
  desk: AlertDesk
  /** Resolves when everything about alerts is on disk. */
  save(): Promise<void>
  about(subject: Subject): SubjectFacts
  reach: Reach
  recipient(chatId: number): Recipient | undefined
  chatIds(): readonly number[]
  /** See `Sender.attempt`. */
  attempt(chatId: number, compose: () => Promise<Job | undefined>): Promise<Outcome | undefined>
  /** A message arrived in the chat. */
  onSent(chatId: number): Promise<void>
}

/** What is being said: the letter, how it stood when it was written, and whether it is an edit. */
type Attempt = {
  box: Mailbox
  letter: Letter
  isEdit: boolean
  isSilent: boolean
  shown: ReadonlyMap<string, Alert>
}

// The disk may be free again by then.
const UNSAVED_WAIT_MS = 5_000

/**
 * Says in every chat what its mailbox holds, at least once: that a letter is under way is on disk
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
        return typeof tried === 'object' ? this.#compose(chatId, to, tried) : undefined
      }).catch((error: unknown): Outcome => {
        // A text that cannot be made must not stand in the way of the others.
        log.error({ err: error, chat: chatId }, 'a message about alerts could not be written')
        return { kind: 'bad-message', reason: 'it could not be written' }
      })
      if (tried === 'unsaved') await this.#nap(chatId, UNSAVED_WAIT_MS)
      else if (tried && outcome) await this.#conclude(chatId, tried, outcome)
      if (outcome?.kind === 'fatal') return
    }
  }

  /** Decides anew, at the moment of sending, and puts on disk what is about to be said. */
  async #prepare(chatId: number): Promise<Attempt | 'unsaved' | undefined> {
    const { desk, recipient, clock } = this.#deps
    const to = recipient(chatId)
    if (to === undefined || this.#stop.signal.aborted) return undefined
    const box = desk.box(chatId)
    const step = nextStep(box, this.#context(to))
    const letter = take(box, step, clock.now())
    if (letter === undefined) return undefined
    const isEdit = step.kind === 'edit'
    if (await this.#isSaved(chatId)) {
      return { box, letter, isEdit, isSilent: !isLoud(step, letter), shown: this.#present(letter) }
    }
    if (!isEdit) box.failed(letter, 'not-sent')
    return 'unsaved'
  }

  async #conclude(chatId: number, attempt: Attempt, outcome: Outcome): Promise<void> {
    const { reach, clock, onSent } = this.#deps
    const { box, letter, isEdit, shown } = attempt
    if (outcome.kind === 'sent') {
      if (isEdit) box.shown(letter, shown)
      else box.sent(letter, outcome.messageId, shown, clock.now())
      reach.proven()
      await onSent(chatId)
    } else if (isEdit) this.#editFailed(box, letter, outcome)
    else this.#sendFailed(box, letter, outcome)
    const isOut = outcome.kind === 'not-sent' && outcome.retryAfterMs === undefined
    if (isOut || outcome.kind === 'ambiguous') reach.lost()
    await this.#isSaved(chatId)
  }

  #sendFailed(box: Mailbox, letter: Letter, outcome: Outcome): void {
    const { log } = this.#deps
    const how =
      outcome.kind === 'ambiguous' || outcome.kind === 'bad-message' ? outcome.kind : 'not-sent'
    if (how === 'bad-message' && letter.isPlain) {
      log.error(
        { letter: letter.id, outcome },
        'Telegram takes an alert in no form: it is given up',
      )
    }
    box.failed(letter, how)
  }

  #editFailed(box: Mailbox, letter: Letter, outcome: Outcome): void {
    const isRefused = outcome.kind === 'bad-message'
    if (outcome.kind === 'edit-gone' || (isRefused && letter.isPlain)) box.lose(letter)
    else if (isRefused) letter.isPlain = true
  }

  #compose(chatId: number, { threadId, timeZone }: Recipient, attempt: Attempt): Job {
    const { letter, isEdit, isSilent, box } = attempt
    const reading = { now: this.#deps.clock.now(), timeZone }
    const message = letterMessage(this.#view(attempt), reading)
    return {
      ...newJob({ chatId, threadId }, message),
      editId: isEdit ? letter.messageId : undefined,
      asPlain: letter.isPlain,
      isSilent,
      replyTo: answered(box, letter),
    }
  }

  #view({ box, letter, shown }: Attempt): LetterView {
    const { form, cause, isRepeat, lateMs } = letter
    const alerts = [...shown.values()].map((alert) => ({
      alert,
      about: this.#deps.about(alert.subject),
      isMoved: box.isMoved(letter, alert.id),
    }))
    return { form, cause, isRepeat, lateMs, alerts }
  }

  /** The alerts of a letter in copies, as they are now. */
  #present(letter: Letter): ReadonlyMap<string, Alert> {
    const { book } = this.#deps.desk
    const alerts = letter.members.map(({ alert }) => book.get(alert))
    return new Map(alerts.flatMap((alert) => (alert ? [[alert.id, { ...alert }]] : [])))
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

/** Makes or takes the letter of a step; undefined when there is nothing to say now. */
function take(box: Mailbox, step: Step, now: number): Letter | undefined {
  if (step.kind === 'send') return box.begin(step.draft, now)
  if (step.kind === 'resend') {
    box.retry(step.letter)
    return step.letter
  }
  if (step.kind !== 'edit') return undefined
  if (step.joining.length > 0) box.join(step.letter, step.joining)
  return step.letter
}

function isLoud(step: Step, letter: Letter): boolean {
  return step.kind === 'resend' ? step.isLoud : letter.isLoud
}

/** The message that a letter answers, where it is one alone and there. */
function answered(box: Mailbox, { answers }: Letter): number | undefined {
  const [id, ...others] = answers
  return id === undefined || others.length > 0 ? undefined : box.letters.get(id)?.messageId
}
