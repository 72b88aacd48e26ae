import { toPlainText } from '../../src/messages/html.ts'
import type { Message } from '../../src/messages/message.ts'

/** Saturday 21 November 2026, 14:05 in Berlin. */
export const NOW = Date.parse('2026-11-21T13:05:00Z')
export const READING = { now: NOW, timeZone: 'Europe/Berlin' }

/** A message as a reviewer should see it: its text with tags, then its buttons with their data. */
export function shown(...messages: readonly Message[]): string {
  return messages
    .map(({ text, buttons }) => {
      const rows = buttons.map((row) =>
        row.map(({ label, data }) => `[${label}|${data}]`).join(' '),
      )
      return `${text.markup}\n${rows.length > 0 ? `\n${rows.join('\n')}\n` : ''}`
    })
    .join('\n--- next message ---\n')
}

/** A message as a person reads it. */
export function read(message: Message): string {
  return toPlainText(message.text)
}
