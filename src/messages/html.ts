/** Text in Telegram's HTML subset whose strangers' parts are escaped. Made by `html` alone. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }

  toString(): string {
    return this.markup
  }
}

/** What may stand in `${…}` of an `html` template. */
export type HtmlValue = Html | string | number | bigint

/** Builds Html from a template: every interpolated value is escaped unless it is Html itself. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = strings.map((text, i) => {
    const value = values[i]
    return value === undefined ? text : text + markupOf(value)
  })
  return new Html(parts.join(''))
}

/** Joins the pieces with a separator; pieces that are undefined are left out. */
export function join(pieces: readonly (HtmlValue | undefined)[], separator = '\n'): Html {
  const present = pieces.filter((piece) => piece !== undefined)
  return new Html(present.map(markupOf).join(escaped(separator)))
}

/** Html with nothing in it. */
export const EMPTY = new Html('')

/** Returns the text as a person sees it, without tags: for the terminal and as a last resort. */
export function toPlainText(text: Html | string): string {
  const markup = typeof text === 'string' ? text : text.markup
  return markup
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|amp|quot);/g, (_, name) => NAMED[name] ?? '')
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

function markupOf(value: HtmlValue): string {
  return value instanceof Html ? value.markup : escaped(String(value))
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
