import { expect } from 'vitest'
import { parseTelegramHtml } from '../../src/demo/telegram-html.ts'
import type { Message } from '../../src/messages/message.ts'

// What this program itself uses; strangers' text must never look like any of it.
const OWN_TAGS = new Set(['b', 'code'])
// Direction overrides, zero-width characters, and controls but the line break.
const FORBIDDEN = /[\p{Cs}\p{Co}\u200b-\u200f\u202a-\u202e\u2066\u2067]|(?!\n)\p{Cc}/u

/** Fails unless Telegram would take the message as it is and show it as it was meant. */
export function expectValid({ text, buttons }: Message): void {
  const { markup } = text
  const parsed = parseTelegramHtml(markup)
  expect(parsed.text.trim()).not.toBe('')
  expect(parsed.text.length).toBeLessThanOrEqual(4096)
  expect(parsed.entities).toBeLessThanOrEqual(100)
  expect(parsed.text).not.toMatch(FORBIDDEN)
  // Isolates are ours: each that is opened is closed before the line ends.
  expect(parsed.text.replace(/\u2068[^\u2068\u2069\n]*\u2069/gu, '')).not.toMatch(/[\u2068\u2069]/u)
  expect(parsed.text).not.toMatch(/undefined|NaN|\[object|Infinity|null/)
  expectStrict(markup)
  for (const { label, data } of buttons.flat()) {
    expect(label.trim()).not.toBe('')
    expect(label).not.toMatch(FORBIDDEN)
    expect(Buffer.byteLength(data)).toBeGreaterThan(0)
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64)
  }
  for (const row of buttons) {
    expect(row.length).toBeGreaterThan(0)
    expect(row.length).toBeLessThanOrEqual(8)
  }
  expect(buttons.flat().length).toBeLessThanOrEqual(100)
}

/** Stricter than Telegram: no bare `&`, `<` or `>`, own tags only, none nested in itself or empty. */
function expectStrict(markup: string): void {
  const open: string[] = []
  const rest = markup.replace(/<(\/?)([a-z]+)>/g, (_tag, slash: string, name: string) => {
    expect(OWN_TAGS).toContain(name)
    if (slash) expect(open.pop()).toBe(name)
    else open.push(name)
    return ''
  })
  expect(open).toEqual([])
  expect(rest).not.toMatch(/[<>]/)
  expect(rest.replace(/&(?:lt|gt|amp|quot);/g, '')).not.toContain('&')
  expect(markup).not.toMatch(/<([a-z]+)><\/\1>/)
}
