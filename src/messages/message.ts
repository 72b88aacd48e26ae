import type { Html } from './html.ts'

/** One message: its text and the rows of buttons under it. */
export type Message = { text: Html; buttons: readonly (readonly Button[])[] }

/** A button: what it shows and what pressing it sends back, a command in words: `top 7d earned`. */
export type Button = { label: string; data: string }

/** Telegram's limit of a button's data, in bytes of UTF-8. */
export const MAX_DATA_BYTES = 64

/** Builds a message; rows without buttons are left out. */
export function message(text: Html, buttons: readonly (readonly Button[])[] = []): Message {
  return { text, buttons: buttons.filter((row) => row.length > 0) }
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
