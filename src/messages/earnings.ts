import type { EarnedDay } from '../stats/earned-days.ts'
import { count, counted, ppm, type Reading, sat, satNumber, shortSat } from './format.ts'
import { html, join } from './html.ts'
import { choice, type Message, message } from './message.ts'

export const EARNINGS_DAYS = [7, 14, 30, 90] as const
/** More rows than this are summed by the week: a phone shows about thirty lines. */
export const MOST_DAY_ROWS = 31

/** A row: one day, or several in a row under the date of the first. */
export type EarningsRow = Omit<EarnedDay, 'day'> & { label: string }

/** How many days are asked for, and how many there are from the one of the first forward on. */
export type EarningsSpan = { days: number; since: number }

/** What the node earned, day by day on the reader's calendar, oldest first. */
export function earningsMessage(
  rows: readonly EarningsRow[],
  { days, since }: EarningsSpan,
  reading: Reading,
): Message {
  const sum = (of: (row: EarningsRow) => bigint) => rows.reduce((all, row) => all + of(row), 0n)
  const earned = sum(({ earnedMsat }) => earnedMsat)
  const volume = sum(({ volumeMsat }) => volumeMsat)
  const forwards = rows.reduce((all, row) => all + row.forwards, 0)
  const text = join([
    days === 1
      ? html`<b>Earned ${sat(earned)} today</b>`
      : html`<b>Earned ${sat(earned)} in ${counted(days, 'day')}</b>, ${satNumber(perDay(earned, since))} a day${since < days ? ` over the ${counted(since, 'day')} since the first forward` : ''}`,
    forwards > 0
      ? html`${counted(forwards, 'forward')} of ${shortSat(volume)}, ${ppm(Number((earned * 1_000_000n) / (volume || 1n)))}`
      : html`Not one forward settled.`,
    html``,
    html`<code>${chart(rows)}</code>`,
    html``,
    days > MOST_DAY_ROWS ? html`Each line is a week from that day on.` : undefined,
    html`Days end at midnight in ${reading.timeZone}, and today goes on. From LND's own list, so the time before this bot counts, too.`,
  ])
  return message(text, [
    EARNINGS_DAYS.map((one) => choice(`${one} d`, one === days, 'earnings', one)),
  ])
}

/** Says how many days can be asked for. */
export function wrongDays(most: number): Message {
  return message(
    html`<b>For how many days?</b>
A number from 1 to ${most}: <code>/earnings 30</code>`,
    [EARNINGS_DAYS.map((one) => choice(`${one} d`, false, 'earnings', one))],
  )
}

const BAR = 10

/** Lines of at most 35 columns: the date (7), a bar (10), what was earned, and how often. */
function chart(rows: readonly EarningsRow[]): string {
  const most = rows.reduce((max, { earnedMsat }) => (earnedMsat > max ? earnedMsat : max), 0n)
  const sats = rows.map(({ earnedMsat }) => satNumber(wholeSats(earnedMsat)))
  const width = Math.max(...sats.map((text) => text.length))
  const labels = Math.max(...rows.map(({ label }) => label.length))
  return rows
    .map(({ label, earnedMsat, forwards }, i) =>
      [
        label.padStart(labels),
        barOf(earnedMsat, most),
        (sats[i] ?? '').padStart(width),
        forwards > 0 ? `${count(forwards)}×` : '',
      ]
        .join(' ')
        .trimEnd(),
    )
    .join('\n')
}

function barOf(part: bigint, most: bigint): string {
  const tenths = most > 0n ? Number((part * BigInt(BAR) + most / 2n) / most) : 0
  return '▇'.repeat(tenths).padEnd(BAR)
}

function perDay(earnedMsat: bigint, days: number): bigint {
  return wholeSats(earnedMsat / BigInt(days))
}

function wholeSats(msat: bigint): bigint {
  return ((msat + 500n) / 1000n) * 1000n
}
