import type { Scid } from '../lightning/scid.ts'
import { type Html, html } from './html.ts'
import { HIDDEN, isPrivate, reader } from './reader.ts'

/** Returns the first eight characters of a public key, as other tools show it. */
export function shortPubkey(pubkey: string): string {
  return isPrivate() ? HIDDEN : `${pubkey.slice(0, 8)}…`
}

/** Returns a channel's id to be read; to a private reader a name that leads nowhere. */
export function shownId(scid: string): string {
  const letters = reader().pseudonym?.(scid)
  return letters === undefined ? scid : `ch-${letters}`
}

/** The longest name of a peer in a message, in characters: a phone's line has room for no more. */
export const MAX_NAME = 24

/**
 * Returns what to call a channel: its peer's alias without the characters that deceive or break a
 * line (controls, direction overrides, zero-width ones), cut to a phone's width, or to `most`; the channel's id
 * when nothing visible is left.
 */
export function channelName(alias: string, scid: Scid, most = MAX_NAME): string {
  return cleanName(alias, most) || shownId(scid)
}

/** Returns a channel's name in bold and its id to be tapped; the id alone when it has no name. */
export function nameAndId(alias: string, scid: Scid): Html {
  const name = cleanName(alias)
  const id = html`<code>${shownId(scid)}</code>`
  return name === '' ? id : html`<b>${name}</b> ${id}`
}

/** Returns a node's alias fit to be shown; empty when nothing visible is left. */
export function cleanName(alias: string, most = MAX_NAME): string {
  // Whatever the width, a name has one pseudonym.
  const shown = chatName(alias, isPrivate() ? MAX_NAME : most)
  const letters = shown === '' ? undefined : reader().pseudonym?.(shown)
  return letters === undefined ? shown : `peer ${letters}`
}

/** Returns what to call the operator's own node; it is nobody's peer. Empty when it has no name. */
export function nodeName(alias: string): string {
  return isPrivate() ? 'this node' : cleanName(alias)
}

/** Returns the title of a chat, or another name that is no node's, fit to be shown. */
export function chatName(name: string, most = MAX_NAME): string {
  // Segmenting is slow on long strings; titles and aliases never need more than this.
  const visible = strip(name.slice(0, 400))
  if (!VISIBLE.test(visible)) return ''
  const letters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(visible)]
  const kept = letters.map(({ segment }) => [...segment].slice(0, MAX_MARKS).join(''))
  const cut = kept.length <= most ? kept : [...kept.slice(0, most - 1), '…']
  const shown = cut.join('').replace(/ …$/, '…')
  // Isolated, a name that is read from the right leaves the digits beside it where they are.
  return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}\u2069` : shown
}

/**
 * Returns what a person or a machine wrote, fit to be repeated in one line: without invisible
 * characters, cut to `most` characters; a question mark when nothing visible is left.
 */
export function quoted(text: string, most = 40): string {
  // Four UTF-16 units of input per character are enough to fill the line.
  const visible = strip(text.slice(0, 4 * most))
  if (!VISIBLE.test(visible)) return '?'
  const characters = [...visible]
  return characters.length <= most ? visible : `${characters.slice(0, most - 1).join('')}…`
}

// The longest emoji in use (families with skin tones) has 10 code points; stacked accents that
// climb over the line above have dozens.
const MAX_MARKS = 10
// Controls, lone surrogates, formats (bidi overrides and isolates, soft hyphen, tags), private use,
// unassigned, line and paragraph separators, and the fillers that render as nothing. Joiners of
// emoji go too.
const INVISIBLE =
  /[\p{Cc}\p{Cs}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]|\u034f/gu
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

function strip(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(INVISIBLE, '').replace(/ {2,}/g, ' ').trim()
}
