import { html } from './html.ts'
import { button, type Message, message } from './message.ts'
import { chatName } from './names.ts'

/** A chat that is to be forgotten; `isHere` when it is the one that asks. */
export type Forgettable = { id: number; title: string; isHere: boolean }

/** Asks before a chat is forgotten. */
export function askRevoke(chat: Forgettable): Message {
  return message(
    html`<b>Forget ${nameOf(chat)}?</b>
It gets no more answers until it is paired again with a new code. What is counted stays.`,
    [[button('Yes, forget it', 'revoke', chat.id, 'yes'), button('No', 'revoke', chat.id, 'no')]],
  )
}

/** Says that a chat is forgotten. */
export function revoked(chat: Forgettable): Message {
  return message(html`<b>Forgotten: ${nameOf(chat)}</b>
To pair it again: run <code>missed-sats pair</code> where the program runs, and send its code there with /start.`)
}

/** Says that nothing was changed. */
export function notRevoked(chat: Forgettable): Message {
  return message(html`<b>Kept: ${nameOf(chat)} stays paired</b>`)
}

/** Says where a chat is taken off that the configuration lists. */
export function revokeInConfiguration(chatId: number): Message {
  return message(html`<b>This chat is allowed by the configuration, not by a code</b>
Take <code>${chatId}</code> out of TELEGRAM_CHAT_IDS and restart the program.`)
}

/** Says that no such chat is paired. */
export function noSuchChat(): Message {
  return message(html`<b>No such chat is paired</b>
<code>/revoke</code> alone forgets the chat that it is written in.`)
}

function nameOf({ id, title, isHere }: Forgettable): string {
  return isHere ? 'this chat' : chatName(title) || `chat ${id}`
}
