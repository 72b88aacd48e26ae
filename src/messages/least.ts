import { count, counted } from './format.ts'
import { type Html, html } from './html.ts'
import { choice, type Message, message } from './message.ts'
import { quoted } from './names.ts'

/** The fewest demands and expected sats for which /top lists a channel in this chat. */
export type LeastText = { demands: number; sat: number }

// What operators of small and of large nodes may want; any other can be written.
const DEMANDS = [0, 2, 3, 5, 10]
const SATS = [0, 10, 50, 100, 1000]

/** Shows what /top lists in this chat, and offers other limits. */
export function leastMessage(least: LeastText): Message {
  return message(
    html`<b>/top lists ${leastText(least)}</b>
Choose, or write it: <code>/least 3 demands 50 sat</code>, <code>/least all</code>.
It hides rows in this chat alone; no figure changes.`,
    [
      DEMANDS.map((demands) =>
        choice(
          demands === 0 ? 'any demands' : `${demands}+`,
          demands === least.demands,
          'least',
          demands,
          'demands',
        ),
      ),
      SATS.map((sat) =>
        choice(sat === 0 ? 'any sats' : `${count(sat)}+`, sat === least.sat, 'least', sat, 'sat'),
      ),
    ],
  )
}

function leastText({ demands, sat }: LeastText): string {
  const parts = [
    demands > 0 ? counted(demands, 'demand') : '',
    sat > 0 ? `≈ ${count(sat)} sat missed` : '',
  ].filter(Boolean)
  if (parts.length === 0) return 'every channel that refused anything'
  return `channels with at least ${parts.join(' and ')}`
}

/** Says which word of /least was not understood, and how to say it. */
export function wrongLeast(word: string): Message {
  const said: Html = html`<b>/least does not know</b> <code>${quoted(word)}</code>`
  return message(html`${said}
Say how many demands and sats a channel needs for /top to list it: <code>/least 3 demands 50 sat</code>; <code>/least all</code> lists every one.`)
}
