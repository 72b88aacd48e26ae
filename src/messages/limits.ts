import { type Html, toPlainText } from './html.ts'

/** Telegram's limits: UTF-16 units of a text and of a caption after parsing, and entities. */
export const MAX_TEXT_UNITS = 4096
export const MAX_CAPTION_UNITS = 1024
export const MAX_ENTITIES = 100

/** Returns whether a text is within Telegram's limits: those of a message, or of a caption. */
export function fits(text: Html, maxUnits = MAX_TEXT_UNITS): boolean {
  return toPlainText(text).length <= maxUnits && entitiesOf(text) <= MAX_ENTITIES
}

function entitiesOf(text: Html): number {
  return text.markup.match(/<[a-z]/g)?.length ?? 0
}
