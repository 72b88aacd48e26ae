import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** A message of the bot as a person reads it, with the labels of its buttons. */
export type TerminalMessage = {
  text: string
  buttons: readonly (readonly string[])[]
  isEdited: boolean
}

/** What a person in the terminal wants: to say something, press a button (from 0), or leave. */
export type Wish =
  | { kind: 'say'; text: string }
  | { kind: 'press'; button: number }
  | { kind: 'quit' }
  | { kind: 'nothing' }

/** A chat in the terminal. */
export type Terminal = Disposable & {
  /** Prints a message of the bot. */
  show(message: TerminalMessage): void
  /** Prints what the person says, when nobody typed it. */
  echo(text: string): void
  /** Prints a remark that is part of no chat. */
  note(text: string): void
}

const RULE = '─'.repeat(60)
const BAR = '│ '
// Control characters (but the newline) could move the cursor or recolour the screen; those that
// turn the direction of text would reorder what follows.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/**
 * Opens a chat in a terminal, or in whatever input and output are: the end of the input does not
 * end the chat. Wishes come one by one as lines are typed.
 */
export function openTerminal(options: {
  input: Readable
  output: Writable
  onWish(wish: Wish): void
}): Terminal {
  const { input, output } = options
  const lines = createInterface({ input, terminal: false })
  lines.on('line', (line) => options.onWish(wishOf(line)))
  const print = (text: string): void => {
    if (output.writable) output.write(`${text}\n`)
  }
  return {
    show: (message) => print(renderMessage(message)),
    echo: (text) => print(`\nyou> ${text}`),
    note: (text) => print(text),
    [Symbol.dispose]: () => lines.close(),
  }
}

/** Returns what a typed line means: a number presses that button of the last message. */
export function wishOf(line: string): Wish {
  const text = line.trim()
  if (text === '') return { kind: 'nothing' }
  if (/^(?:quit|exit|q)$/i.test(text)) return { kind: 'quit' }
  if (/^\d{1,2}$/.test(text)) return { kind: 'press', button: Number(text) - 1 }
  return { kind: 'say', text }
}

/** Returns a message as plain text, its buttons as `[1] 24h  [2] 7d`, one row a line. */
export function renderMessage({ text, buttons, isEdited }: TerminalMessage): string {
  const plain = text.replace(UNPRINTABLE, '')
  let number = 0
  const rows = buttons.map((row) => row.map((label) => `[${++number}] ${label}`).join('  '))
  const body = [...plain.trimEnd().split('\n'), ...(rows.length > 0 ? ['', ...rows] : [])]
  const head = isEdited ? 'bot (a message above has changed)' : 'bot'
  return [`\n${head} ${RULE.slice(head.length + 1)}`, ...body.map((line) => BAR + line)].join('\n')
}
