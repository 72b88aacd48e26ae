import type { Scid } from '../../lightning/scid.ts'
import { channelName } from '../names.ts'
import { isDrawable, widthOf } from './glyphs.ts'

// A name of which less than this is left would be another name.
const LEAST_LEFT = 0.5

/**
 * Returns what to call a channel in a picture: its peer's alias without what the font cannot draw
 * (emoji, most scripts, accents stacked on a letter), cut to a width in pixels at a font size; the
 * channel's id where less than half of the letters is left.
 */
export function chartName(alias: string, scid: Scid, width: number, size: number): string {
  return fitted(drawnName(channelName(alias, scid)) ?? idName(scid), width, size)
}

/** Returns a channel's id as it is shown where it stands for the channel. */
export function idName(scid: Scid): string {
  return channelName('', scid)
}

/** Returns a text, cut with an ellipsis where it might be wider than that. */
export function fitted(text: string, width: number, size: number): string {
  if (widthOf(text, size) <= width) return text
  const characters = [...text]
  while (characters.length > 1 && widthOf(`${characters.join('')}…`, size) > width) characters.pop()
  return `${characters.join('').trimEnd()}…`
}

function drawnName(shown: string): string | undefined {
  const name = shown.normalize('NFC')
  const left = [...name].filter(isDrawable).join('').replace(/ {2,}/g, ' ').trim()
  const isNamed = lettersOf(left) > 0 && lettersOf(left) >= lettersOf(name) * LEAST_LEFT
  return isNamed ? left : undefined
}

function lettersOf(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
}
