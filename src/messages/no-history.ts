import type { LndStatus } from '../lightning/node-status.ts'
import { html } from './html.ts'
import { lndText } from './lnd-states.ts'
import { button, type Message, message } from './message.ts'

/** Says that LND did not tell what settled, and what can be asked meanwhile. */
export function noHistory(
  kind: 'away' | 'slow',
  lnd: LndStatus,
  words: readonly string[],
): Message {
  const again = button('try again', ...words)
  if (kind === 'slow') {
    return message(
      html`<b>LND did not list its forwards in time</b>
There are many. A shorter span may do, or a quieter hour.`,
      [[again]],
    )
  }
  const why =
    lnd.state === 'listening' ? 'it did not answer; its log may say why' : lndText(lnd.state).title
  return message(
    html`<b>LND cannot be asked now: ${why}</b>
Who paid whom stands in LND's own list alone. What each channel earned is remembered here.`,
    [[again, button('earned', 'top', '7d', 'earned'), button('status', 'status')]],
  )
}
