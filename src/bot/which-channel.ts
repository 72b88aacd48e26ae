import type { Scid } from '../lightning/scid.ts'
import { chooseChannel, noChannel } from '../messages/matches.ts'
import type { Message } from '../messages/message.ts'
import type { MemoryViews, Window } from '../stats/views.ts'
import { takeWindow } from './window-word.ts'

/** The window of answers about what was missed, where none is named: a day holds too few demands. */
export const USUAL_WINDOW: Window = '7d'

/** A channel as a person or a button names it, and the window that may follow. */
export type Named = { text: string; window: Window }

/** The channel that was meant, or what to answer when that is not clear. */
export type Which =
  | { kind: 'found'; scid: Scid; alias: string }
  | { kind: 'unclear'; messages: readonly Message[] }

/** Reads `part of alias 7d`, or `7d part of alias`. */
export function readNamed(words: readonly string[]): Named {
  const { window = USUAL_WINDOW, rest } = takeWindow(words)
  return { text: rest.join(' '), window }
}

/** Finds the channel that a text means; asks, by buttons of the same command, when several match. */
export function whichChannel(memory: MemoryViews, command: string, { text, window }: Named): Which {
  const matches = memory.find(text)
  const [only, ...others] = matches
  if (only === undefined) return { kind: 'unclear', messages: [noChannel(text)] }
  if (others.length > 0) {
    return { kind: 'unclear', messages: [chooseChannel(text, matches, window, command)] }
  }
  return { kind: 'found', scid: only.scid, alias: only.alias }
}
