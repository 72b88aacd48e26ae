import { html } from '../html.ts'
import { choice, type Message } from '../message.ts'
import { settingsPage } from './page.ts'

const OFFERED_PCT = [5, 10, 15, 20, 30]

/** Below which share of capacity an outbound side is low. */
export function liquidityPage(chosenPct: number): Message {
  return settingsPage(
    `Outbound is low ${liquidityWords(chosenPct)}`,
    [
      html`A low channel goes into the digest when it will be empty within two hours; an empty one that is asked for rings.`,
      html`It is over at twice this share.`,
      html`Any other: <code>/settings liquidity 12</code> (percent)`,
    ],
    [OFFERED_PCT.map((pct) => choice(`${pct} %`, pct === chosenPct, 'settings', 'liquidity', pct))],
  )
}

export function liquidityWords(pct: number): string {
  return `below ${pct} % of capacity`
}
