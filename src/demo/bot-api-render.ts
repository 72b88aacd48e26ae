import { toPlainText } from '../messages/html.ts'
import { parseTelegramHtml } from './telegram-html.ts'

/** A button as a person sees it, and what pressing it sends. */
export type ShownButton = { label: string; data: string }

/** A message of the bot as it stands in a chat now. */
export type ShownMessage = {
  chatId: number
  messageId: number
  threadId: number | undefined
  /** What was sent, with tags where it had any. */
  markup: string
  /** What a person reads. */
  text: string
  buttons: readonly (readonly ShownButton[])[]
  /** The photo or document whose caption the text is. */
  file: ShownFile | undefined
  /** How often it was edited. */
  edits: number
}

/** A file as it was uploaded. */
export type ShownFile = { kind: 'photo' | 'document'; name: string; bytes: Uint8Array }

/** An answer of Telegram that is not `ok`. */
export class ApiError extends Error {
  readonly code: number
  readonly parameters: Record<string, number>

  constructor(code: number, description: string, parameters: Record<string, number> = {}) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

export type Payload = Readonly<Record<string, unknown>>

const MAX_TEXT = 4096
const MAX_CAPTION = 1024
const MAX_ENTITIES = 100
const MAX_DATA_BYTES = 64

/** Checks a text, or the caption of a file, and its buttons as Telegram does. */
export function render(
  payload: Payload,
  file?: ShownFile,
): Pick<ShownMessage, 'markup' | 'text' | 'buttons' | 'file'> {
  const said = payload[file ? 'caption' : 'text']
  const markup = typeof said === 'string' ? said : ''
  const isHtml = payload['parse_mode'] === 'HTML'
  const { text, entities } = isHtml ? parsed(markup) : { text: markup, entities: 0 }
  if (file) checkCaption(text)
  else checkText(text)
  if (entities > MAX_ENTITIES) throw new ApiError(400, 'Bad Request: too many entities')
  const shown = isHtml ? toPlainText(markup) : markup
  return { markup, text: shown.trim(), buttons: readButtons(payload['reply_markup']), file }
}

function checkText(text: string): void {
  if (text.trim() === '') throw new ApiError(400, 'Bad Request: message text is empty')
  if (text.length > MAX_TEXT) throw new ApiError(400, 'Bad Request: message is too long')
}

function checkCaption(text: string): void {
  if (text.length > MAX_CAPTION) throw new ApiError(400, 'Bad Request: message caption is too long')
}

function parsed(markup: string) {
  try {
    return parseTelegramHtml(markup)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown'
    throw new ApiError(400, `Bad Request: can't parse entities: ${reason}`)
  }
}

function readButtons(markup: unknown): readonly (readonly ShownButton[])[] {
  const rows = (markup as { inline_keyboard?: unknown } | undefined)?.inline_keyboard
  if (!Array.isArray(rows)) return []
  return rows.map((row) => (Array.isArray(row) ? row.map(readButton) : []))
}

function readButton(button: unknown): ShownButton {
  const { text, callback_data: data } = button as Record<string, unknown>
  if (typeof text !== 'string' || text.trim() === '') {
    throw new ApiError(
      400,
      "Bad Request: can't parse inline keyboard button: Text must be non-empty",
    )
  }
  const bytes = typeof data === 'string' ? Buffer.byteLength(data) : 0
  if (typeof data !== 'string' || bytes < 1 || bytes > MAX_DATA_BYTES) {
    throw new ApiError(400, 'Bad Request: BUTTON_DATA_INVALID')
  }
  return { label: text, data }
}
