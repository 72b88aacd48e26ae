import { EMPTY, type Html, html, join, toPlainText } from '../html.ts'

/** A shorter form of a row, and what it leaves out is worth to a reader. */
export type Shorter = { text: Html; worth: number }

/** What a digest says of one thing, and what it is worth to a reader where there is no room for all. */
export type Row = {
  text: Html
  worth: number
  /** Ever shorter forms, each worth more than the one before and less than the row itself. */
  shorter?: readonly Shorter[]
}

/** Rows that belong together; the title goes with the last of them. */
export type Section = { title: string | undefined; rows: readonly Row[] }

/** A row is put in another form, or left out. */
type Cut = { row: Row; text: Html | undefined; worth: number }

/**
 * Puts sections together in at most so many UTF-16 units of plain text, as Telegram counts them.
 * Where that is too little, rows get shorter or are left out whole, what is worth least first.
 */
export function fitSections(sections: readonly Section[], units: number): Html {
  const rows = sections.flatMap((section) => section.rows)
  const shown = new Map(rows.map((row) => [row, row.text]))
  const cuts = rows.flatMap(cutsOf).sort((a, b) => a.worth - b.worth)
  for (const { row, text: shorter } of cuts) {
    const text = textOf(sections, shown)
    if (toPlainText(text).length <= units) return text
    if (shorter) shown.set(row, shorter)
    else shown.delete(row)
  }
  return EMPTY
}

function cutsOf(row: Row): readonly Cut[] {
  const shorter = (row.shorter ?? []).map((form) => ({ row, ...form }))
  return [...shorter, { row, text: undefined, worth: row.worth }]
}

function textOf(sections: readonly Section[], shown: ReadonlyMap<Row, Html>): Html {
  const blocks = sections.flatMap(({ title, rows }) => {
    const texts = rows.map((row) => shown.get(row)).filter((text) => text !== undefined)
    if (texts.length === 0) return []
    return [title === undefined ? join(texts) : join([html`<b>${title}</b>`, ...texts])]
  })
  return join(blocks, '\n\n')
}
