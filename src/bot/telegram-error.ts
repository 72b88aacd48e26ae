import { GrammyError, HttpError } from 'grammy'

/** Says why the bot cannot work. A fatal one no retry mends: the program should end with it. */
export class TelegramError extends Error {
  override readonly name = 'TelegramError'
  readonly fatal: boolean

  constructor(message: string, fatal: boolean) {
    super(message)
    this.fatal = fatal
  }
}

/** Returns an error that ends the bot for one of Telegram's answers; undefined for all others. */
export function fatalError(error: unknown, method: string): TelegramError | undefined {
  if (!(error instanceof GrammyError)) return undefined
  const { error_code: code } = error
  // A token that is not even formed like one gets 404 instead of 401.
  if (code === 401 || (code === 404 && method === 'getMe')) {
    return new TelegramError(
      'TELEGRAM_BOT_TOKEN was refused by Telegram: it was revoked or mistyped. Ask @BotFather for the present one.',
      true,
    )
  }
  if (code !== 409) return undefined
  return new TelegramError(
    'Another program polls Telegram with this TELEGRAM_BOT_TOKEN. Stop it, or make a bot of its own for each at @BotFather.',
    true,
  )
}

/**
 * Returns a function that makes errors of HTTP calls fit to be logged: grammY's carry the URL, and
 * with it the token. The copy keeps the kind, the words without the token, and the code.
 */
export function cleaner(token: string): (error: unknown) => unknown {
  const secret = token.slice(token.indexOf(':') + 1)
  const scrub = (text: string) =>
    [token, encodeURIComponent(token), secret]
      .filter((form) => form.length > 0)
      .reduce((rest, form) => rest.replaceAll(form, '[token]'), text)
  return (error) => {
    if (error instanceof GrammyError) return cleanAnswer(error, scrub)
    const cause = error instanceof HttpError ? error.error : error
    const clean = new Error(scrub(messageOf(cause)))
    clean.name = cause instanceof Error ? cause.name : 'Error'
    delete clean.stack
    return new HttpError(scrub(messageOf(error)), Object.assign(clean, { code: codeOf(cause) }))
  }
}

/** Telegram's own answers: their payload is a message to a chat, which no log should repeat. */
function cleanAnswer(error: GrammyError, scrub: (text: string) => string): GrammyError {
  const { error_code, description, parameters, method } = error
  const answer = { ok: false as const, error_code, description: scrub(description), parameters }
  return new GrammyError(`Call to '${method}' failed!`, answer, method, {})
}

/** Returns an error of a call in one line, as the log shows it. */
export function reasonOf(error: unknown): string {
  if (error instanceof GrammyError) return `${error.error_code} ${error.description}`
  if (error instanceof HttpError) return `${messageOf(error.error) || error.message}`
  return messageOf(error)
}

/** Returns the system's code of a failed connection, such as ECONNREFUSED. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
