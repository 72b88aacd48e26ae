import { type Html, html, join } from '../html.ts'
import { type Button, button, type Message, message } from '../message.ts'
import { quoted } from '../names.ts'

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

/** A setting, and how it stands. */
export type SettingRow = { name: string; title: string; summary: string }

/** All settings, one line each, and a button that opens each. */
export function settingsOverview(rows: readonly SettingRow[]): Message {
  return message(
    join([
      html`<b>Settings of this chat</b>`,
      ...rows.map(({ title, summary }) => html`${title}: ${summary}`),
    ]),
    openers(rows),
  )
}

/** Says that there is no such setting, and which there are. */
export function noSetting(said: string, rows: readonly SettingRow[]): Message {
  return message(
    html`<b>There is no setting</b> <code>${quoted(said)}</code>
There are: ${rows.map(({ name }) => name).join(', ')}.`,
    openers(rows),
  )
}

function openers(rows: readonly SettingRow[]): readonly (readonly Button[])[] {
  return rows.map(({ name, title }) => [button(title, 'settings', name)])
}

/** Says that a setting does not take these words. */
export function notUnderstood(setting: { name: string; takes: string; example: string }): Message {
  const { name, takes, example } = setting
  return message(
    html`<b>That is no value of this setting</b>
It takes: ${takes}.
For example <code>/settings ${name} ${example}</code>`,
    [[button('choose', 'settings', name)]],
  )
}
