import {
  LOUDNESSES,
  type Loudness,
  loudnessOf,
  type Preferences,
} from '../../alerts/preferences.ts'
import type { AlertKind } from '../../analyzer/reading.ts'
import { ALERT_TEXTS, alertText } from '../alerts/texts.ts'
import { html } from '../html.ts'
import { button, choice, type Message } from '../message.ts'
import { settingsPage } from './page.ts'

/** How loudly each kind is told here. */
export function kindsPage(preferences: Preferences): Message {
  return settingsPage(
    'How loudly each kind of alert is told here',
    ALERT_TEXTS.map(({ kind, label }) => html`${label}: ${LABELS[loudnessOf(preferences, kind)]}`),
    ALERT_TEXTS.map(({ kind, label }) => [button(label, 'settings', 'kinds', kind)]),
  )
}

/** The choices of one kind. */
export function kindPage(kind: AlertKind, preferences: Preferences): Message {
  const chosen = loudnessOf(preferences, kind)
  return settingsPage(
    alertText(kind).label,
    LOUDNESSES.map((loudness) => html`${LABELS[loudness]}: ${MEANINGS[loudness]}`),
    [
      LOUDNESSES.map((one) => choice(LABELS[one], one === chosen, 'settings', 'kinds', kind, one)),
      [button('‹ all kinds', 'settings', 'kinds')],
    ],
  )
}

/** How many kinds are not at their usual loudness. */
export function kindsSummary({ loudness }: Preferences): string {
  const changed = Object.values(loudness).filter((one) => one !== 'ring').length
  return changed === 0 ? 'as usual' : `${changed} changed`
}

const LABELS: Readonly<Record<Loudness, string>> = {
  ring: 'ring',
  silent: 'silent',
  digest: 'digest',
  off: 'off',
}

const MEANINGS: Readonly<Record<Loudness, string>> = {
  ring: 'a message with a sound',
  silent: 'a message without a sound',
  digest: 'only in /alerts and the digest',
  off: 'not at all',
}
