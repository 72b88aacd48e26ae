import { type Html, html, join, toPlainText } from './html.ts'
import { fits, MAX_TEXT_UNITS } from './limits.ts'
import { type Button, type Message, message } from './message.ts'

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
