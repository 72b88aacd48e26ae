import { type Html, html, join } from '../html.ts'
import { type Button, button, type Message, message } from '../message.ts'

/** A page of /settings: what it is about, what its choices mean, and a way back. */
export function settingsPage(
  title: string,
  lines: readonly (Html | undefined)[],
  choices: readonly (readonly Button[])[],
): Message {
  return message(join([html`<b>${title}</b>`, ...lines]), [
    ...choices,
    [button('‹ all settings', 'settings')],
  ])
}

/** All settings, one line each, and a button that opens each. */
export function settingsOverview(
  rows: readonly { name: string; title: string; summary: string }[],
): Message {
  return message(
    join([
      html`<b>Settings of this chat</b>`,
      ...rows.map(({ title, summary }) => html`${title}: ${summary}`),
    ]),
    rows.map(({ name, title }) => [button(title, 'settings', name)]),
  )
}

/** Says that a setting does not take these words. */
export function notUnderstood(name: string, example: string): Message {
  return message(
    html`<b>That is no value of this setting</b>
For example <code>/settings ${name} ${example}</code>`,
    [[button('choose', 'settings', name)]],
  )
}
