import type { Preferences } from '../../alerts/preferences.ts'
import { type QuietHours, USUAL_QUIET_HOURS } from '../../alerts/quiet-hours.ts'
import { localTime, type Reading, timeOfDay, timeWord } from '../format.ts'
import { html } from '../html.ts'
import { button, choice, type Message } from '../message.ts'
import { settingsPage } from './page.ts'

const OFFERED: readonly QuietHours[] = [
  USUAL_QUIET_HOURS,
  { from: 23 * 60, to: 8 * 60 },
  { from: 0, to: 8 * 60 },
]

/** When warnings wait for the morning. */
export function quietPage({ quietHours, critInQuiet }: Preferences, reading: Reading): Message {
  const now = localTime(reading.now, reading)
  return settingsPage(
    `Quiet hours: ${quietWords(quietHours)}`,
    [
      html`Warnings of these hours come as one message when they end. Here it is ${now} (${reading.timeZone}; /timezone).`,
      html`Critical alerts (LND lost) ${critInQuiet ? 'ring all the same' : 'wait, too: nobody is woken, whatever happens'}.`,
      html`Any other: <code>/settings quiet 21:30 06:45</code>`,
    ],
    [
      OFFERED.map((hours) =>
        choice(spanWords(hours), isSame(hours, quietHours), ...wordsFor(hours)),
      ),
      [choice('off', quietHours === undefined, 'settings', 'quiet', 'off')],
      [button(critInQuiet ? 'let critical ones wait' : 'let critical ones ring', ...CRIT)],
    ],
  )
}

/** `22:00–07:00`, or `off`. */
export function quietWords(hours: QuietHours | undefined): string {
  return hours === undefined ? 'off' : spanWords(hours)
}

const CRIT = ['settings', 'quiet', 'crit'] as const

function wordsFor({ from, to }: QuietHours): readonly string[] {
  return ['settings', 'quiet', timeWord(from), timeWord(to)]
}

function spanWords({ from, to }: QuietHours): string {
  return `${timeOfDay(from)}–${timeOfDay(to)}`
}

function isSame(a: QuietHours, b: QuietHours | undefined): boolean {
  return a.from === b?.from && a.to === b.to
}
