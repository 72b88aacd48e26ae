import { html, join } from './html.ts'
import { button, type Message, message } from './message.ts'

/** What commands are about, in the order of /help. */
const TOPICS = {
  missed: 'What was missed',
  node: 'What the node did and has',
  alerts: 'Alerts',
  program: 'The bot itself',
} as const

/** A command as /help lists it. */
export type CommandText = {
  name: string
  topic: keyof typeof TOPICS
  /** The words that may follow, as an example; empty when there are none. */
  usage: string
  /** One line for /help and for Telegram's menu. */
  summary: string
}

/** What the bot can be asked, one line per command, and what its figures mean. */
export function helpMessage(commands: readonly CommandText[]): Message {
  const groups = Object.entries(TOPICS).map(([topic, title]) =>
    join([
      html`<b>${title}</b>`,
      ...commands.filter((one) => one.topic === topic).map(line),
      html``,
    ]),
  )
  const text = join([
    ...groups,
    html`<b>≈</b> marks what was expected to be missed; 8 times in 10 the truth lies within the brackets.`,
    html`<b>≤</b> marks fees offered on refused attempts. Payers retry and probe, so it is an upper bound, not what you would have earned.`,
  ])
  return message(text, [[button('top 7d', 'top', '7d'), button('status', 'status')]])
}

function line({ name, usage, summary }: CommandText) {
  return html`/${name}${usage === '' ? '' : html` <code>${usage}</code>`} · ${summary}`
}
