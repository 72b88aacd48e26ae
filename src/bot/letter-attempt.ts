import type { Alert } from '../alerts/alert.ts'
import type { Step } from '../alerts/announce.ts'
import type { Letter } from '../alerts/letter.ts'
import type { Mailbox } from '../alerts/mailbox.ts'
import { letterMessage } from '../messages/alerts/letter.ts'
import type { LetterView } from '../messages/alerts/letter-view.ts'
import { type Attempt, sendingEnd } from './attempt.ts'
import { type Job, newJob } from './job.ts'
import type { OutboxDeps, Recipient } from './outbox-deps.ts'
import type { Outcome } from './outcome.ts'

/** Begins what a step says to do about letters; undefined when there is nothing to say now. */
export function letterAttempt(
  step: Step,
  chatId: number,
  to: Recipient,
  deps: OutboxDeps,
): Attempt | undefined {
  const box = deps.desk.box(chatId)
  const letter = take(box, step, deps.clock.now())
  if (letter === undefined) return undefined
  const isEdit = step.kind === 'edit'
  const isSilent = !isLoud(step, letter)
  const attempt = new LetterAttempt(deps, box, letter, isEdit)
  return {
    compose: () => attempt.compose(chatId, to, isSilent),
    conclude: (outcome) => attempt.conclude(outcome),
    takeBack: () => {
      if (!isEdit) box.failed(letter, 'not-sent')
    },
  }
}

class LetterAttempt {
  readonly #deps: OutboxDeps
  readonly #box: Mailbox
  readonly #letter: Letter
  readonly #isEdit: boolean
  /** The alerts of the letter in copies, as they were when it was composed. */
  #shown: ReadonlyMap<string, Alert> = new Map()

  constructor(deps: OutboxDeps, box: Mailbox, letter: Letter, isEdit: boolean) {
    this.#deps = deps
    this.#box = box
    this.#letter = letter
    this.#isEdit = isEdit
  }

  compose(chatId: number, { threadId, timeZone }: Recipient, isSilent: boolean): Job {
    const letter = this.#letter
    this.#shown = this.#present()
    const reading = { now: this.#deps.clock.now(), timeZone }
    return {
      ...newJob({ chatId, threadId }, letterMessage(this.#view(letter), reading)),
      editId: this.#isEdit ? letter.messageId : undefined,
      asPlain: letter.isPlain,
      isSilent,
      replyTo: answered(this.#box, letter),
    }
  }

  conclude(outcome: Outcome): void {
    const box = this.#box
    const letter = this.#letter
    if (outcome.kind !== 'sent') {
      if (this.#isEdit) this.#editFailed(outcome)
      else this.#sendFailed(outcome)
    } else if (this.#isEdit) box.shown(letter, this.#shown)
    else box.sent(letter, outcome.messageId, this.#shown, this.#deps.clock.now())
  }

  #sendFailed(outcome: Outcome): void {
    const letter = this.#letter
    const how = sendingEnd(outcome)
    if (how === 'sent') return
    if (how === 'bad-message' && letter.isPlain) {
      this.#deps.log.error(
        { letter: letter.id, outcome },
        'Telegram takes an alert in no form: it is given up',
      )
    }
    this.#box.failed(letter, how)
  }

  #editFailed(outcome: Outcome): void {
    const letter = this.#letter
    const isRefused = outcome.kind === 'bad-message'
    if (outcome.kind === 'edit-gone' || (isRefused && letter.isPlain)) this.#box.lose(letter)
    else if (isRefused) letter.isPlain = true
  }

  #view({ form, cause, isRepeat, lateMs }: Letter): LetterView {
    const alerts = [...this.#shown.values()].map((alert) => ({
      alert,
      about: this.#deps.about(alert.subject),
      isMoved: this.#box.isMoved(this.#letter, alert.id),
    }))
    return { form, cause, isRepeat, lateMs, alerts }
  }

  #present(): ReadonlyMap<string, Alert> {
    const { book } = this.#deps.desk
    const alerts = this.#letter.members.map(({ alert }) => book.get(alert))
    return new Map(alerts.flatMap((alert) => (alert ? [[alert.id, { ...alert }]] : [])))
  }
}

/** Makes or takes the letter of a step. */
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
