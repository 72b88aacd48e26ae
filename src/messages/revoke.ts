import { html } from './html.ts'
import { button, type Message, message } from './message.ts'

/** Asks before this chat is forgotten. */
export function askRevoke(): Message {
  return message(
    html`<b>Forget this chat?</b>
It gets no more answers until it is paired again with a new code. What is counted stays.`,
    [[button('Yes, forget this chat', 'revoke', 'yes'), button('No', 'revoke', 'no')]],
  )
}

/** Says that this chat is forgotten. */
export function revoked(): Message {
  return message(html`<b>This chat is forgotten</b>
To pair again: run <code>missed-sats pair</code> where the program runs, and send its code here with /start.`)
}

/** Says that nothing was changed. */
export function notRevoked(): Message {
  return message(html`<b>Kept: this chat stays paired</b>`)
}

/** Says where a chat is taken off that the configuration lists. */
export function revokeInConfiguration(chatId: number): Message {
  return message(html`<b>This chat is allowed by the configuration, not by a code</b>
Take <code>${chatId}</code> out of TELEGRAM_CHAT_IDS and restart the program.`)
}
