import type { Severity } from '../analyzer/reading.ts'
import type { HoldReason } from './decide.ts'

/**
 * A row of the outbox: what one chat is to be told of one alert. It is written together with the
 * transition that it comes from, and is done when `told` has reached the alert's `rings`.
 */
export type Notice = {
  alert: string
  told: number
  /** Why it was held when last looked at. */
  held: HoldReason | undefined
  /** Steady ms of that look; 0 when it was never held. */
  steadyHeld: number
  /** The letter that shows the alert now. */
  letter: number | undefined
}

/**
 * What a message is: one alert, a list of several, the short word that some are over, or the
 * repeated ring of a critical one.
 */
export type LetterForm = 'alert' | 'list' | 'over' | 'reminder'

/** Why several alerts came as one message. */
export type ListCause = 'storm' | 'late' | 'away' | 'held' | 'quiet'

/** An alert in a message, and what was last shown of it. */
export type Member = {
  alert: string
  /** The revision that the chat sees; 0 when none. */
  shown: number
  /** Whether the chat sees that it is over, or that it goes on in a later message. */
  isClosed: boolean
}

/** One message in one chat, from just before it is sent until a week after its alerts are over. */
export type Letter = {
  id: number
  form: LetterForm
  cause: ListCause | undefined
  members: Member[]
  /** The letters that it answers, for `over` and `reminder`. */
  answers: readonly number[]
  isLoud: boolean
  severity: Severity
  /** How late it was when first sent, in ms. */
  lateMs: number
  /**
   * `sending`: its call is under way, and if it is found so at a start nobody knows how it ended;
   * `unsure`: it ended without an answer; `unsent`: it was refused and goes in another form;
   * `lost`: there is nothing in the chat to edit.
   */
  state: 'sending' | 'unsure' | 'unsent' | 'sent' | 'lost'
  /** Steady ms of its sending, and of the last try to send or edit it. */
  steadySent: number
  steadyTried: number
  /** Steady ms at which the last alert joined a list. */
  steadyJoined: number
  /** Epoch ms. */
  sentAt: number
  messageId: number | undefined
  /** It was sent before and may have arrived. */
  isRepeat: boolean
  /** Telegram could not read its tags. */
  isPlain: boolean
  /** It was said that all of it is over. */
  isAnswered: boolean
}

/** A letter to be written: what is decided of it before it is sent. */
export type Draft = Pick<
  Letter,
  'form' | 'cause' | 'answers' | 'isLoud' | 'severity' | 'lateMs'
> & {
  alerts: readonly string[]
}

/** Returns whether a letter shows alerts and is edited with them. */
export function showsAlerts({ form }: Letter): boolean {
  return form === 'alert' || form === 'list'
}

/** Returns the notice of an alert of which a chat knows nothing yet. */
export function newNotice(alert: string): Notice {
  return { alert, told: 0, held: undefined, steadyHeld: 0, letter: undefined }
}
