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
    ALERT_TEXTS.map(
      ({ kind, label }) => html`${label}: ${IN_LIST[shownLoudness(preferences, kind)]}`,
    ),
    ALERT_TEXTS.map(({ kind, label }) => [button(label, 'settings', 'kinds', kind)]),
  )
}

/** The choices of one kind. */
export function kindPage(kind: AlertKind, preferences: Preferences): Message {
  const chosen = shownLoudness(preferences, kind)
  const offered = isDigestAlone(kind) ? LOUDNESSES.slice(-2) : LOUDNESSES
  return settingsPage(
    alertText(kind).label,
    offered.map((loudness) => html`${LABELS[loudness]}: ${MEANINGS[loudness]}`),
    [
      offered.map((one) => choice(LABELS[one], one === chosen, 'settings', 'kinds', kind, one)),
      [button('‹ all kinds', 'settings', 'kinds')],
    ],
  )
}

/** How many kinds are not at their usual loudness. */
export function kindsSummary({ loudness }: Preferences): string {
  const changed = Object.values(loudness).filter((one) => one !== 'ring').length
  return changed === 0 ? 'as usual' : `${changed} changed`
}

/** How loud it is in truth: a kind that no chat is rung for is told in the digest at most. */
function shownLoudness(preferences: Preferences, kind: AlertKind): Loudness {
  const loudness = loudnessOf(preferences, kind)
  return isDigestAlone(kind) && loudness !== 'off' ? 'digest' : loudness
}

/** Whether all alerts of a kind are too slight to ring; those of an empty channel get graver. */
function isDigestAlone(kind: AlertKind): boolean {
  return kind === 'spike.downstream'
}

const IN_LIST: Readonly<Record<Loudness, string>> = {
  ring: 'ring',
  silent: 'silent',
  digest: 'in the digest',
  off: 'off',
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
