import { lastDays } from '../../messages/calendar.ts'
import {
  type EarningsRow,
  earningsMessage,
  MOST_DAY_ROWS,
  wrongDays,
} from '../../messages/earnings.ts'
import { dayOf, localDay, type Reading } from '../../messages/format.ts'
import { noHistory } from '../../messages/no-history.ts'
import { type EarnedDay, EarnedDays } from '../../stats/earned-days.ts'
import type { Command } from '../command.ts'

const USUAL_DAYS = 7
// Beyond, LND's list of a busy node takes too long to read.
const MOST_DAYS = 90
const WEEK = 7

/** Shows what the node earned, day by day. */
export const earnings: Command = {
  name: 'earnings',
  topic: 'node',
  usage: '30',
  summary: 'Fees earned, day by day',
  async run(words, { ports, reading }) {
    const days = readDays(words)
    if (days === undefined) return { messages: [wrongDays(MOST_DAYS)] }
    const calendar = lastDays(reading, days)
    const { timeZone } = reading
    const from = calendar[0]?.at ?? reading.now
    const key = `days ${days} ${timeZone}`
    const answer = await ports.history(key, from, () => new EarnedDays((at) => dayOf(at, timeZone)))
    if (answer.kind !== 'told') {
      return { messages: [noHistory(answer.kind, ports.lnd(), ['earnings', String(days)])] }
    }
    const rows = calendar.map(({ day, at }) => ({ ...answer.sum.of(day), at }))
    const first = rows.findIndex(({ forwards }) => forwards > 0)
    const span = { days, since: days - Math.max(0, first) }
    return { messages: [earningsMessage(rowsOf(rows, reading), span, reading)] }
  },
}

function readDays([word = String(USUAL_DAYS)]: readonly string[]): number | undefined {
  const read = /^(\d{1,3})(?:d|days?)?$/i.exec(word)
  const days = read ? Number(read[1]) : 0
  return days >= 1 && days <= MOST_DAYS ? days : undefined
}

function rowsOf(
  days: readonly (EarnedDay & { at: number })[],
  reading: Reading,
): readonly EarningsRow[] {
  const size = days.length > MOST_DAY_ROWS ? WEEK : 1
  const rows: EarningsRow[] = []
  // Whole weeks up to today: the first row may have fewer days.
  for (let end = days.length; end > 0; end -= size) {
    const part = days.slice(Math.max(0, end - size), end)
    rows.push({
      label: localDay(part[0]?.at ?? reading.now, reading),
      forwards: part.reduce((sum, { forwards }) => sum + forwards, 0),
      volumeMsat: part.reduce((sum, { volumeMsat }) => sum + volumeMsat, 0n),
      earnedMsat: part.reduce((sum, { earnedMsat }) => sum + earnedMsat, 0n),
    })
  }
  return rows.reverse()
}
