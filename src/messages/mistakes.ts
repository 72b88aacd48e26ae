import { RANK_FAMILIES, RANK_ORDERS, WINDOWS } from '../stats/views.ts'
import { html, join } from './html.ts'
import { button, type Message, message } from './message.ts'
import { quoted } from './names.ts'

/** The answer to a stranger: nothing about the node, and how its operator lets a chat in. */
export function strangerMessage(): Message {
  return message(html`<b>This bot answers only chats that its operator paired</b>
Is it yours? Send <code>/start CODE</code> with the code that the program printed; <code>missed-sats pair</code> prints a new one.`)
}

/** The answer to a wrong, used or expired code alike: it must not help to guess. */
export function wrongCode(): Message {
  return message(html`<b>That code is not valid</b>
A code works once, for 15 minutes. <code>missed-sats pair</code> prints a new one where the program runs.`)
}

/** Says that no more chats can be paired. */
export function tooManyChats(most: number): Message {
  return message(html`<b>${most} chats are paired already: no more fit</b>
Write /revoke in one that needs it no more, then pair this one.`)
}

/** The answer to a command that does not exist. */
export function unknownCommand(name: string): Message {
  return message(html`<b>There is no /${quoted(name)}</b>
/help lists what you can ask.`)
}

/** The answer to words that are no command, in a private chat. */
export function notACommand(): Message {
  return message(
    html`<b>I answer commands:</b> /top, /channel and the rest of /help.
To look a channel up, write part of its alias, or its id.`,
    [[button('top 7d', 'top', '7d'), button('status', 'status')]],
  )
}

/** Says which word of /top was not understood, and how to say it. */
export function wrongTopWord(word: string): Message {
  return message(
    join([
      html`<b>/top does not know</b> <code>${quoted(word)}</code>`,
      html`Any of these, in any order:`,
      html`how long: <code>${WINDOWS.join(' ')}</code>`,
      html`ranked by: <code>${RANK_ORDERS.join(' ')}</code>`,
      html`refused for: <code>${RANK_FAMILIES.join(' ')}</code>`,
      html`For example <code>/top 7d missed liquidity</code>`,
    ]),
    [[button('top 24h', 'top', '24h'), button('top 7d', 'top', '7d')]],
  )
}

/** Says which word of /digest was not understood, and how to say it. */
export function wrongDigestWord(word: string): Message {
  return message(
    html`<b>/digest does not know</b> <code>${quoted(word)}</code>
It sums up a <code>day</code>, a <code>week</code> or a <code>month</code>. When it comes by itself: /settings`,
    [
      [
        button('24h', 'digest', 'day'),
        button('7d', 'digest', 'week'),
        button('30d', 'digest', 'month'),
      ],
    ],
  )
}

/** Says how a command that is about one channel is used. */
export function channelUsage(command = 'channel'): Message {
  return message(
    html`<b>Which channel?</b>
<code>/${command} alice</code> part of the peer's alias
<code>/${command} 800123x45x1</code> or 800123:45:1
<code>/${command} 879744542153965569</code> LND's long number
<code>/${command} txid:1</code> its channel point
A window may follow: <code>/${command} alice 30d</code>. Or tap a number under /top.`,
    [[button('top 7d', 'top', '7d')]],
  )
}

/** The short notice for a button that only an administrator of the group may press. */
export const ADMINISTRATORS_ONLY = 'Only administrators of this group can change that.'

/** The short notice for a button of an older version, or of one that is not ours. */
export const OLD_BUTTON = 'This button is too old. Send the command again.'

/** The short notice for a button in a chat that is not paired. */
export const NOT_PAIRED = 'This chat is not paired.'

/** The answer to a command that only an administrator may give. */
export function administratorsOnly(): Message {
  return message(html`<b>${ADMINISTRATORS_ONLY}</b>
Everyone here may read: /top, /channel, /status.`)
}

/** The answer when a command failed inside the program. */
export function failedInside(command: string): Message {
  return message(html`<b>/${command} failed inside the program</b>
Nothing was changed. Its log says why; the next try may work.`)
}

/** Said once in the chat when the topic that paired is gone. */
export function topicGone(): Message {
  return message(html`The topic that this was for is gone or closed, so it comes here.`)
}
