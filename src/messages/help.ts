import { html, join } from './html.ts'
import { button, type Message, message } from './message.ts'

/** A command as /help lists it. */
export type CommandText = { name: string; usage: string; summary: string }

/** What the bot can be asked, one line per command, and what its figures mean. */
export function helpMessage(commands: readonly CommandText[]): Message {
  const lines = commands.map(
    ({ name, usage, summary }) =>
      html`/${name}${usage === '' ? '' : html` <code>${usage}</code>`}
${summary}`,
  )
  const text = join([
    html`<b>What this node turned away, and why</b>`,
    html``,
    join(lines),
    html``,
    html`<b>≈</b> marks what was expected to be missed; 8 times in 10 the truth lies within the brackets.`,
    html`<b>≤</b> marks fees offered on refused attempts. Payers retry and probe, so it is an upper bound, not what you would have earned.`,
  ])
  return message(text, [[button('top 7d', 'top', '7d'), button('status', 'status')]])
}
