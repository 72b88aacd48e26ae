import { localDate, localTime, type Reading, timeOfDay } from '../format.ts'
import { html } from '../html.ts'
import { OFFERED_LOCALES, whole } from '../locale.ts'
import { choice, type Message, rowsOf } from '../message.ts'
import { CLOCKS, type Clock, reader } from '../reader.ts'
import { settingsPage } from './page.ts'

const SAMPLE = 1_234_567n

/** How figures, dates and times look in this chat. */
export function formatsPage(
  { locale = 'en-GB', clock }: { locale: string | undefined; clock: Clock | undefined },
  reading: Reading,
): Message {
  const shown = clock ?? (timeOfDay(0).endsWith('m') ? '12h' : '24h')
  return settingsPage(
    `Formats: ${formatsWords()}`,
    [
      html`Now it is ${localDate(reading.now, reading)}, ${localTime(reading.now, reading)}.`,
      html`The text stays English. Any other country: <code>/settings formats pt-BR</code>`,
    ],
    [
      ...rowsOf(
        OFFERED_LOCALES.map((name) => localeChoice(name, locale)),
        2,
      ),
      CLOCKS.map((one) => choice(CLOCK_LABELS[one], one === shown, 'settings', 'formats', one)),
    ],
  )
}

/** `1,234,567 · 14:05`, as this chat reads it. */
export function formatsWords(): string {
  return `${whole(SAMPLE, reader().locale)} · ${timeOfDay(14 * 60 + 5)}`
}

const CLOCK_LABELS: Readonly<Record<Clock, string>> = { '24h': '24 hours', '12h': '12 hours' }

function localeChoice(name: string, chosen: string) {
  return choice(`${name} ${whole(SAMPLE, name)}`, name === chosen, 'settings', 'formats', name)
}
