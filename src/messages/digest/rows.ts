import { EMPTY, type Html, html, join, toPlainText } from '../html.ts'

/** A line of a digest, and what it is worth to a reader where there is no room for all. */
export type Row = { text: Html; worth: number }

/** Lines that belong together; the title goes with the last of them. */
export type Section = { title: string | undefined; rows: readonly Row[] }

/**
 * Puts sections together in at most so many UTF-16 units of plain text, as Telegram counts them.
 * Where that is too little, whole lines are left out, those worth least first.
 */
export function fitSections(sections: readonly Section[], units: number): Html {
  const byWorth = sections.flatMap(({ rows }) => rows).sort((a, b) => a.worth - b.worth)
  const left = new Set(byWorth)
  for (const row of byWorth) {
    const text = textOf(sections, left)
    if (toPlainText(text).length <= units) return text
    left.delete(row)
  }
  return EMPTY
}

function textOf(sections: readonly Section[], left: ReadonlySet<Row>): Html {
  const blocks = sections.flatMap(({ title, rows }) => {
    const lines = rows.filter((row) => left.has(row)).map(({ text }) => text)
    if (lines.length === 0) return []
    return [title === undefined ? join(lines) : join([html`<b>${title}</b>`, ...lines])]
  })
  return join(blocks, '\n\n')
}
