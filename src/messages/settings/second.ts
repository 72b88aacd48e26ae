import { html } from '../html.ts'
import { choice, type Message } from '../message.ts'
import { settingsPage } from './page.ts'

/** Whether this chat hears all, or only what nobody else took on. */
export function secondPage(isSecond: boolean): Message {
  return settingsPage(
    'What this chat is for',
    [
      html`all: every alert that its settings let through`,
      html`last resort: critical alerts that nobody took on elsewhere within an hour, and nothing more`,
    ],
    [
      [
        choice('all', !isSecond, 'settings', 'second', 'no'),
        choice('last resort', isSecond, 'settings', 'second', 'yes'),
      ],
    ],
  )
}

export function secondWords(isSecond: boolean): string {
  return isSecond ? 'only what nobody else took on' : 'all alerts'
}
