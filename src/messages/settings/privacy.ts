import { html } from '../html.ts'
import { choice, type Message } from '../message.ts'
import { settingsPage } from './page.ts'

/** Whether this chat hides names and amounts. */
export function privacyPage(isOn: boolean): Message {
  return settingsPage(
    isOn ? 'Names and amounts are hidden here' : 'Names and amounts are shown here',
    [
      html`Hidden, a chat can be shown around: peers get letters such as <code>peer KQZD</code>, channels too, and amounts read •••. As long as this chat is paired, a name has the same letters each time. Counts, shares and ppm stay.`,
      html`It holds for everything said from now on: alerts, pictures and buttons too. Older messages stay as they are, and /export is off.`,
    ],
    [
      [
        choice('show', !isOn, 'settings', 'privacy', 'off'),
        choice('hide', isOn, 'settings', 'privacy', 'on'),
      ],
    ],
  )
}

export function privacyWords(isOn: boolean): string {
  return isOn ? 'names and amounts are hidden' : 'names and amounts are shown'
}
