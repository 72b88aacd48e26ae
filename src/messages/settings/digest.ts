import type { DigestWishes } from '../../alerts/digest-schedule.ts'
import type { Preferences } from '../../alerts/preferences.ts'
import { dayAndTime, type Reading, timeOfDay, timeWord } from '../format.ts'
import { type Html, html } from '../html.ts'
import { button, choice, type Message } from '../message.ts'
import { settingsPage } from './page.ts'

const OFFERED = [6 * 60, 7 * 60, 8 * 60, 9 * 60] as const

/** When the digest comes: its minute of the day, and the next one (epoch ms). */
export type DigestTimes = { minute: number; nextAt: number | undefined }

/** Whether digests come, and at what time. */
export function digestPage(
  { digests, isSecond }: Preferences,
  { minute, nextAt }: DigestTimes,
  reading: Reading,
): Message {
  const { daily, weekly } = digests
  return settingsPage(
    `Digest: ${digestWords(digests, minute)}`,
    [
      html`How the last 24 h went against those before, and what to do. On Monday the week's comes in place of the day's. /digest shows one at any time.`,
      html`${nextText(isSecond, nextAt, reading)}`,
      html`Any other time: <code>/settings digest 06:45</code>`,
    ],
    [
      OFFERED.map((one) =>
        choice(timeOfDay(one), one === minute, 'settings', 'digest', timeWord(one)),
      ),
      [toggle('daily', daily), toggle('weekly', weekly)],
      [button('time zone', 'timezone')],
    ],
  )
}

/** `daily 08:00, on Mondays of the week`, or `off`. */
export function digestWords({ daily, weekly, minute }: DigestWishes, usualMinute: number): string {
  const time = timeOfDay(minute ?? usualMinute)
  if (daily) return `daily ${time}${weekly ? ', on Mondays of the week' : ''}`
  return weekly ? `Mondays ${time}, of the week` : 'off'
}

function nextText(isSecond: boolean, nextAt: number | undefined, reading: Reading): Html {
  if (isSecond) return html`None comes here: this chat is a last resort (/settings).`
  if (nextAt === undefined) return html`None comes by itself.`
  return html`Next: ${dayAndTime(nextAt, reading)} (${reading.timeZone}; /timezone).`
}

function toggle(name: 'daily' | 'weekly', isOn: boolean) {
  return button(`${name}: ${isOn ? 'on' : 'off'}`, 'settings', 'digest', name, isOn ? 'off' : 'on')
}
