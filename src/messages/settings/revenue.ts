import { MSAT_PER_SAT } from '../../lightning/msat.ts'
import { count, sat } from '../format.ts'
import { html } from '../html.ts'
import { choice, type Message } from '../message.ts'
import { settingsPage } from './page.ts'

const OFFERED_SAT = [500n, 1_000n, 2_000n, 5_000n, 10_000n]

/** From how much missed in a day on it is told. */
export function revenuePage(chosenMsat: bigint | undefined): Message {
  return settingsPage(
    `Missed fees are told ${revenueWords(chosenMsat)}`,
    [
      html`Expected fees missed within 24 hours, of a channel or by the best single step for the node.`,
      html`By default it is twice what this node earns in a day, at least 500 sat.`,
      html`Any other: <code>/settings revenue 3000</code> (sat)`,
    ],
    [
      OFFERED_SAT.map((amount) => {
        const isChosen = chosenMsat === amount * MSAT_PER_SAT
        return choice(count(Number(amount)), isChosen, 'settings', 'revenue', String(amount))
      }),
      [choice('by default', chosenMsat === undefined, 'settings', 'revenue', 'usual')],
    ],
  )
}

export function revenueWords(chosenMsat: bigint | undefined): string {
  return chosenMsat === undefined ? 'from twice a day’s fees on' : `from ${sat(chosenMsat)} on`
}
