import type { ExportWindow } from '../analyzer/export-report.ts'
import { count, counted, localTime, type Reading } from './format.ts'
import { type Html, html, join } from './html.ts'
import { type Button, button, choice, type Message, message, withAttachment } from './message.ts'
import { quoted } from './names.ts'
import { WINDOW_WORDS } from './span.ts'

/** What can be exported in a chat; `channels` is left out where all are asked for. */
export const CHAT_TABLES = ['forwards', 'refusals', 'demands', 'opportunities', 'channels'] as const
export type ChatTable = (typeof CHAT_TABLES)[number]
export const USUAL_TABLES: readonly ChatTable[] = CHAT_TABLES.filter((one) => one !== 'channels')

export const CHAT_FORMATS = ['csv', 'json'] as const
export type ExportQuestion = {
  format: (typeof CHAT_FORMATS)[number]
  window: ExportWindow
  tables: readonly ChatTable[]
}

/** What was too much: so many rows, or everything before a time (epoch ms). */
export type LeftOut = { rows: number } | { before: number }

/** A written file: how many rows of each table it has, and what it lacks. */
export type ExportFile = {
  name: string
  content: string
  tables: readonly { table: ChatTable; rows: number; leftOut: LeftOut | undefined }[]
}

/** The files as documents, one message each; the last one has the buttons that ask for others. */
export function exportMessages(
  files: readonly ExportFile[],
  question: ExportQuestion,
  reading: Reading,
): readonly Message[] {
  const full = files.filter(({ tables }) => tables.some(({ rows }) => rows > 0))
  const empty = files.filter((file) => !full.includes(file)).flatMap(({ tables }) => tables)
  if (full.length === 0) {
    const within = WINDOW_WORDS[question.window]
    return [
      message(html`<b>Nothing to export: ${namesOf(empty)} of ${within} are empty</b>`, [
        windows(question),
      ]),
    ]
  }
  return full.map((file, i) => {
    const isLast = i === full.length - 1
    const none = isLast && empty.length > 0 ? html`Nothing yet: ${namesOf(empty)}.` : undefined
    const text = join([captionOf(file, question.window, reading), none])
    const { name, content } = file
    const buttons = isLast ? [windows(question), [formatButton(question)]] : []
    return withAttachment(message(text, buttons), { kind: 'document', name, content })
  })
}

function captionOf({ tables }: ExportFile, window: ExportWindow, reading: Reading): Html {
  const [first, ...others] = tables
  const title =
    first && others.length === 0
      ? `${capital(first.table)}, ${counted(first.rows, 'row')}`
      : 'Everything asked for'
  return join([
    html`<b>${title}, ${WINDOW_WORDS[window]}</b>`,
    ...tables.map(
      (one) =>
        html`${others.length === 0 ? '' : `${one.table}: ${counted(one.rows, 'row')}, `}${MEANINGS[one.table](window)}`,
    ),
    html`${unitsText(tables.map(({ table }) => table))}`,
    leftOutLine(tables, reading),
  ])
}

/** What was counted is exact; what the analysis makes of it is not, though written to the msat. */
function unitsText(tables: readonly ChatTable[]): string {
  const estimated = tables.flatMap((table) => ESTIMATED[table] ?? [])
  if (estimated.length === 0) return 'Amounts are in msat and exact, times UTC.'
  return `Amounts are in msat, times UTC. What was counted is exact; ${estimated.join(', and ')} are estimates.`
}

const ESTIMATED: Partial<Record<ChatTable, string>> = {
  demands: 'chance, inflow and expectedMsat of demands',
  opportunities: 'missed fees and advice of opportunities',
}

/** One line for all tables: a caption has room for no more. */
function leftOutLine(tables: ExportFile['tables'], reading: Reading): Html | undefined {
  const lacking = tables.flatMap(({ table, leftOut }) =>
    leftOut ? [`Left out of ${table}: ${leftOutWords(table, leftOut, reading)}.`] : [],
  )
  if (lacking.length === 0) return undefined
  return html`⚠️ Too much for one file. ${lacking.join(' ')} <code>missed-sats export</code> on the machine writes all.`
}

function leftOutWords(table: ChatTable, leftOut: LeftOut, reading: Reading): string {
  if ('before' in leftOut) return `what was before ${localTime(leftOut.before, reading)}`
  return `${table === 'opportunities' ? 'the least urgent' : 'the first'} ${count(leftOut.rows)}`
}

const MEANINGS: Readonly<Record<ChatTable, (window: ExportWindow) => string>> = {
  forwards: (window) => `by ${bucketOf(window)}, channel and side`,
  refusals: (window) => `by ${bucketOf(window)}, channel, side and reason`,
  demands: () => 'each payer’s demand once, with what it was expected to bring',
  opportunities: () => 'each channel with what it missed and the one thing to do',
  channels: () => 'as LND last listed them',
}

function bucketOf(window: ExportWindow): string {
  return window === '30d' ? 'UTC day' : 'hour'
}

/** Says that files are not made where names and amounts are hidden. */
export function noExportInPrivate(): Message {
  return message(
    html`<b>This chat hides names and amounts, so it gets no files</b>
They would show everything. Ask in another chat, or show them here again.`,
    [[button('Privacy', 'settings', 'privacy')]],
  )
}

/** Says which word was not understood, and how to say it. */
export function wrongExportWord(word: string): Message {
  return message(
    join([
      html`<b>/export does not know</b> <code>${quoted(word)}</code>`,
      html`Any of these, in any order:`,
      html`as: <code>csv json</code>`,
      html`how long: <code>24h 7d 30d</code>`,
      html`what: <code>${CHAT_TABLES.join(' ')}</code>, or nothing for all but channels`,
      html`For example <code>/export csv 30d demands</code>`,
    ]),
    [windows({ format: 'csv', window: '7d', tables: USUAL_TABLES }, false)],
  )
}

const WINDOWS: readonly ExportWindow[] = ['24h', '7d', '30d']

function windows(question: ExportQuestion, hasChoice = true): readonly Button[] {
  return WINDOWS.map((window) =>
    choice(window, hasChoice && window === question.window, ...wordsOf({ ...question, window })),
  )
}

function formatButton(question: ExportQuestion): Button {
  const format = question.format === 'csv' ? 'json' : 'csv'
  return button(`as ${format.toUpperCase()}`, ...wordsOf({ ...question, format }))
}

function wordsOf({ format, window, tables }: ExportQuestion): readonly string[] {
  const isUsual = tables.join() === USUAL_TABLES.join()
  return ['export', format, window, ...(isUsual ? [] : tables)]
}

function namesOf(tables: readonly { table: ChatTable }[]): string {
  return tables.map(({ table }) => table).join(', ')
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`
}
