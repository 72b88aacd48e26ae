import { GrammyError, HttpError } from 'grammy'
import { codeOf, fatalError, reasonOf, type TelegramError } from './telegram-error.ts'

/** How an attempt to say something in a chat ended. */
export type Outcome =
  | { kind: 'sent'; messageId: number }
  /** Certainly not said; worth another try, at once or after Telegram's wait. */
  | { kind: 'not-sent'; reason: string; retryAfterMs: number | undefined }
  /** Perhaps said: the answer was lost. */
  | { kind: 'ambiguous'; reason: string }
  /** The chat takes nothing from this bot; `recheck` when that may change by itself. */
  | { kind: 'dead'; reason: string; recheck: boolean }
  /** The group became a supergroup with another id. */
  | { kind: 'migrated'; chatId: number }
  /** Telegram will never take this message as it is. */
  | { kind: 'bad-message'; reason: string }
  /** The topic is gone or closed. */
  | { kind: 'thread-gone'; reason: string }
  /** The message to edit is gone. */
  | { kind: 'edit-gone'; reason: string }
  /** What was to be edited already reads so. */
  | { kind: 'unchanged' }
  /** The bot as a whole may not go on. */
  | { kind: 'fatal'; error: TelegramError }

/** Returns what a failed call to Telegram means for the message that it carried. */
export function outcomeOf(error: unknown, method: string): Outcome {
  const fatal = fatalError(error, method)
  if (fatal) return { kind: 'fatal', error: fatal }
  if (error instanceof GrammyError) return answered(error)
  const cause = error instanceof HttpError ? error.error : error
  const code = codeOf(cause)
  const reason = reasonOf(error)
  const isNotSent = code !== undefined && NEVER_LEFT.test(code)
  return isNotSent
    ? { kind: 'not-sent', reason, retryAfterMs: undefined }
    : { kind: 'ambiguous', reason }
}

// Failures before the request was written: name lookup, connecting, TLS.
const NEVER_LEFT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EPROTO|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/

function answered(error: GrammyError): Outcome {
  const { error_code: code, description, parameters } = error
  const reason = reasonOf(error)
  const { migrate_to_chat_id: chatId, retry_after: seconds } = parameters
  if (chatId !== undefined) return { kind: 'migrated', chatId }
  if (code === 429) return { kind: 'not-sent', reason, retryAfterMs: 1000 * (seconds ?? 1) }
  if (code >= 500) return { kind: 'ambiguous', reason }
  const rule = RULES.find(({ words }) => words.test(description))
  if (rule) return rule.outcome(reason)
  return code === 403 ? { kind: 'dead', reason, recheck: false } : { kind: 'bad-message', reason }
}

// Telegram's words (Bot API); the first that fit decide.
const RULES: readonly { words: RegExp; outcome: (reason: string) => Outcome }[] = [
  { words: /message is not modified/i, outcome: () => ({ kind: 'unchanged' }) },
  {
    words:
      /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|there is no text in the message/i,
    outcome: (reason) => ({ kind: 'edit-gone', reason }),
  },
  {
    words: /message thread not found|TOPIC_CLOSED|TOPIC_DELETED/i,
    outcome: (reason) => ({ kind: 'thread-gone', reason }),
  },
  {
    // A group may forbid files and allow words.
    words: /not enough rights to send (?:photos|documents)/i,
    outcome: (reason) => ({ kind: 'bad-message', reason }),
  },
  {
    words: /not enough rights|CHAT_WRITE_FORBIDDEN|have no rights|CHAT_RESTRICTED/i,
    outcome: (reason) => ({ kind: 'dead', reason, recheck: true }),
  },
  {
    words: /chat not found|PEER_ID_INVALID|user is deactivated|bot was (?:blocked|kicked)/i,
    outcome: (reason) => ({ kind: 'dead', reason, recheck: false }),
  },
]
