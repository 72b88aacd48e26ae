import type { Html } from './html.ts'
import { fits, MAX_CAPTION_UNITS } from './limits.ts'

/** One message: its text, the rows of buttons under it, and what goes with it. */
export type Message = {
  text: Html
  buttons: readonly (readonly Button[])[]
  attachment?: Attachment
}

/** What goes with a message, whose text is then the caption. A picture is drawn when it is sent. */
export type Attachment =
  | { kind: 'picture'; name: string; svg: string }
  | { kind: 'document'; name: string; content: string }

/** A button: what it shows and what pressing it sends back, a command in words: `top 7d earned`. */
export type Button = { label: string; data: string }

/** Telegram's limit of a button's data, in bytes of UTF-8. */
export const MAX_DATA_BYTES = 64

/** Builds a message; rows without buttons are left out. */
export function message(text: Html, buttons: readonly (readonly Button[])[] = []): Message {
  return { text, buttons: buttons.filter((row) => row.length > 0) }
}

/**
 * Adds a picture or a document to a message.
 * @throws RangeError when the text is longer than a caption may be: whoever writes it leaves rows out.
 */
export function withAttachment({ text, buttons }: Message, attachment: Attachment): Message {
  if (!fits(text, MAX_CAPTION_UNITS)) {
    throw new RangeError(`the caption of ${attachment.name} exceeds ${MAX_CAPTION_UNITS} units`)
  }
  return { text, buttons, attachment }
}

/**
 * Builds a button from the words of a command.
 * @throws RangeError when the words exceed Telegram's limit: ids and settings never do, names may.
 */
export function button(label: string, ...words: readonly (string | number)[]): Button {
  const data = words.join(' ')
  if (new TextEncoder().encode(data).length > MAX_DATA_BYTES) {
    throw new RangeError(`the data of a button exceeds ${MAX_DATA_BYTES} bytes: ${data}`)
  }
  return { label, data }
}

/** Builds one of several choices: the one in force stands between dots. */
export function choice(label: string, isChosen: boolean, ...words: readonly (string | number)[]) {
  return button(isChosen ? `· ${label} ·` : label, ...words)
}

/** Lays buttons out in rows of at most `width`. */
export function rowsOf(buttons: readonly Button[], width: number): readonly (readonly Button[])[] {
  const rows: (readonly Button[])[] = []
  for (let i = 0; i < buttons.length; i += width) rows.push(buttons.slice(i, i + width))
  return rows
}
