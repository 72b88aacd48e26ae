import type { Alert } from '../../alerts/alert.ts'
import type { AlertKind } from '../../analyzer/reading.ts'
import type { Missed } from '../../analyzer/views.ts'
import type { Scid } from '../../lightning/scid.ts'
import type { Reading } from '../format.ts'
import { type Html, html } from '../html.ts'
import { type Button, button } from '../message.ts'
import { cleanName, shortPubkey, shownId } from '../names.ts'
import { isPrivate } from '../reader.ts'

/** What is known of an alert's subject when its message is written. */
export type SubjectFacts = {
  /** The peer's alias, or the node's; empty when unknown. */
  name: string
  localMsat: bigint | undefined
  capacityMsat: bigint | undefined
  /** What it missed within 24 hours; undefined where that is not known. */
  missed: Missed | undefined
}

/** An alert and its subject, as a message shows them. */
export type AlertView = { alert: Alert; about: SubjectFacts }

/** The words of one kind of alert: one file each, listed in `texts.ts`. */
export type AlertText = {
  kind: AlertKind
  /** As settings and lists call the kind. */
  label: string
  /** Who and what, how much against usual: the lock screen shows no more than about 60 characters. */
  headline(view: AlertView, reading: Reading): string
  /** Cause, figures, what to do and what not: each a line. */
  lines(view: AlertView, reading: Reading): readonly (Html | undefined)[]
  /** What it says when it is over, after the name: `back to normal`. */
  over(view: AlertView): string
  /** The button that shows more; undefined when there is nothing more. */
  details(view: AlertView): Button | undefined
}

// A lock screen shows the first line alone: name, figures and all.
const NAME_CHARACTERS = 20

/** Returns what to call an alert's subject, in at most 20 characters. */
export function nameOf({ alert, about }: AlertView): string {
  const isNode = alert.subject === 'node'
  if (isNode && isPrivate()) return 'This node'
  const name = [...cleanName(about.name)]
  if (name.length > 0) {
    return name.length <= NAME_CHARACTERS
      ? name.join('')
      : `${name.slice(0, NAME_CHARACTERS - 1).join('')}…`
  }
  if (isNode) return 'Node'
  const [, id = ''] = alert.subject.split(':')
  return alert.subject.startsWith('peer:') ? shortPubkey(id) : shownId(id)
}

/** Returns the channel that an alert is about. */
export function scidOf({ alert }: AlertView): Scid | undefined {
  if (!alert.subject.startsWith('channel:')) return undefined
  return alert.subject.slice('channel:'.length) as Scid
}

/** Returns the line that says what to do. */
export function doLine(text: string): Html {
  return html`➜ ${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`
}

/** Returns the button that opens a channel, or what else shows more of a subject. */
export function detailsButton(view: AlertView): Button {
  const scid = scidOf(view)
  const label = '📊 Details'
  return scid === undefined
    ? button(label, 'top', '1h', 'failures')
    : button(label, 'channel', scid, '1h', 'new')
}
