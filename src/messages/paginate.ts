import { type Html, html, join, toPlainText } from './html.ts'
import { type Button, type Message, message } from './message.ts'

/** Telegram's limits: UTF-16 units of a text after its entities are parsed, and entities. */
export const MAX_TEXT_UNITS = 4096
export const MAX_ENTITIES = 100

/**
 * Packs blocks, each a whole row or paragraph, into as few messages as Telegram's limits allow, in
 * order and with nothing lost. The buttons go under the last one. A block that is too long by
 * itself loses its tags and is cut.
 */
export function paginate(
  blocks: readonly Html[],
  buttons: readonly (readonly Button[])[] = [],
  separator = '\n\n',
): readonly Message[] {
  const pages: Html[][] = []
  for (const block of blocks.flatMap(fitting)) {
    const page = pages.at(-1)
    if (page && fits(join([...page, block], separator))) page.push(block)
    else pages.push([block])
  }
  return pages.map((page, i) =>
    message(join(page, separator), i === pages.length - 1 ? buttons : []),
  )
}

/** Returns whether a text is within Telegram's limits. */
export function fits(text: Html): boolean {
  return toPlainText(text).length <= MAX_TEXT_UNITS && entitiesOf(text) <= MAX_ENTITIES
}

function entitiesOf(text: Html): number {
  return text.markup.match(/<[a-z]/g)?.length ?? 0
}

function fitting(block: Html): readonly Html[] {
  if (fits(block)) return [block]
  const characters = [...toPlainText(block)]
  const pieces: Html[] = []
  // Half the units, since a character outside the first plane takes two.
  for (let i = 0; i < characters.length; i += MAX_TEXT_UNITS / 2) {
    pieces.push(html`${characters.slice(i, i + MAX_TEXT_UNITS / 2).join('')}`)
  }
  return pieces
}
