import type { NodeInfo } from '../lightning/channel.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import { localTime, type Reading } from './format.ts'
import { type Html, html, join } from './html.ts'
import { lndText } from './lnd-states.ts'
import { button, type Message, message } from './message.ts'
import { chatName, nodeName, shortPubkey } from './names.ts'

/** Who is behind the bot and how far it has come with LND. */
export type NodeFacts = { node: NodeInfo | undefined; lnd: LndStatus }

/** The answer to the right pairing code: which node, what will come, on which clock. */
export function welcomeMessage(facts: NodeFacts, reading: Reading): Message {
  return message(
    join([
      html`<b>Paired with ${calledNode(facts.node)}</b>`,
      nodeLine(facts),
      html``,
      html`Ask with /top, /channel and /status; /help lists all.`,
      html`<b>What comes by itself:</b> alerts when something is wrong that you can act on, and word when it is over; every morning a digest of the day before. /settings says how loudly and when. You are also told when another chat pairs.`,
      html``,
      html`Times are in ${reading.timeZone}, now ${localTime(reading.now, reading)}.`,
    ]),
    [
      [button('Change time zone', 'timezone')],
      [button('top 7d', 'top', '7d'), button('status', 'status')],
    ],
  )
}

/** The answer to /start in a chat that may talk to the bot already. */
export function alreadyPaired(facts: NodeFacts, reading: Reading): Message {
  return message(
    join([
      html`<b>This chat is paired already, with ${calledNode(facts.node)}</b>`,
      nodeLine(facts),
      html`Times are in ${reading.timeZone}, now ${localTime(reading.now, reading)}. /help lists what you can ask.`,
    ]),
    [
      [button('top 7d', 'top', '7d'), button('status', 'status')],
      [button('Change time zone', 'timezone')],
    ],
  )
}

/** Tells the other chats that one more may read. */
export function pairedElsewhere(title: string, chatId: number): Message {
  const name = chatName(title) || 'a chat without a name'
  return message(
    html`<b>Another chat was paired: ${name}</b>
Its id is <code>${chatId}</code>. It may read everything here. If that was not you, forget it now.`,
    [[button('Forget that chat', 'revoke', chatId)]],
  )
}

function calledNode(node: NodeInfo | undefined): string {
  return node === undefined ? 'your node' : nodeName(node.alias) || shortPubkey(node.pubkey)
}

function nodeLine({ node, lnd }: NodeFacts): Html {
  const { mark, title } = lndText(lnd.state)
  if (node === undefined) return html`${mark} ${title}, so its name is not known yet`
  return html`<code>${shortPubkey(node.pubkey)}</code> on ${node.network} · ${mark} ${title}`
}
