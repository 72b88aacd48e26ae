import type { Alert } from './alert.ts'
import type { DigestState } from './digest-box.ts'
import { DAY_MS } from './kind.ts'
import type { Letter, Notice } from './letter.ts'
import type { BoxContent, MailboxState } from './mailbox.ts'
import { USUAL_PREFERENCES } from './preferences.ts'

/** A document of the store; a value of undefined deletes it. */
export type Doc = { key: string; value: unknown }

/** The prefixes under which all of it is found in the store. */
export const DESK_PREFIXES = [
  'alerts:',
  'alert:',
  'mailbox:',
  'notice:',
  'letter:',
  'digest:',
] as const

const BOOK_KEY = 'alerts:book'
const VERSION = 1
// Longer than that nothing of the book's own time matters.
const LONGEST_AWAY_MS = 7 * DAY_MS

/** The documents of the desk, in copies: what is written is the state of one moment. */
export const deskDocuments = {
  alertKey: (id: string) => `alert:${id}`,
  alert: (alert: Alert): Doc => ({ key: `alert:${alert.id}`, value: versioned(alert) }),
  book: ({ serial, steady }: { serial: number; steady: number }, now: number): Doc => ({
    key: BOOK_KEY,
    value: versioned({ serial, steady, now }),
  }),
  box: (chatId: number, { state, notices, letters, digests }: BoxContent): readonly Doc[] => [
    ...(state ? [{ key: `mailbox:${chatId}`, value: versioned(state) }] : []),
    ...(digests ? [{ key: `digest:${chatId}`, value: versioned(digests) }] : []),
    ...notices.map(([id, notice]) => ({ key: `notice:${chatId}:${id}`, value: versioned(notice) })),
    ...letters.map(([id, letter]) => ({
      key: `letter:${chatId}:${id}`,
      value: versioned(letter && { ...letter, members: letter.members.map((one) => ({ ...one })) }),
    })),
  ],
}

/** Returns the documents that bring a mailbox from one chat to another. */
export function moved(from: number, to: number, content: BoxContent): readonly Doc[] {
  const old = deskDocuments.box(from, content).map(({ key }) => ({ key, value: undefined }))
  return [...old, ...deskDocuments.box(to, content)]
}

/** A mailbox as it was kept. */
type KeptBox = {
  chatId: number
  state: MailboxState
  notices: Notice[]
  letters: Letter[]
  digests: DigestState | undefined
}

/**
 * Reads the documents of a desk. The book's own time goes on by what the clock on the wall says has
 * passed meanwhile.
 * @throws Error naming the document when one is not readable.
 */
export function readDesk(documents: ReadonlyMap<string, unknown>, now: number) {
  const alerts: Alert[] = []
  const boxes = new Map<string, KeptBox>()
  const book = { serial: 0, steady: 0 }
  const parts: { room: string; chat: string; content: object }[] = []
  for (const [key, value] of documents) {
    const [room = '', chat = ''] = key.split(':')
    const content = unversioned(key, value)
    if (key === BOOK_KEY) Object.assign(book, resumed(content, now))
    else if (room === 'alert') alerts.push(content as Alert)
    else if (room === 'mailbox') boxes.set(chat, keptBox(Number(chat), content as MailboxState))
    else parts.push({ room, chat, content })
  }
  for (const { room, chat, content } of parts) {
    const box = boxes.get(chat)
    if (room === 'notice') box?.notices.push(content as Notice)
    else if (room === 'letter') box?.letters.push(content as Letter)
    else if (room === 'digest' && box) box.digests = content as DigestState
  }
  return { book, alerts, boxes: [...boxes.values()] }
}

/** What an earlier version did not ask a chat is as usual. */
function keptBox(chatId: number, state: MailboxState): KeptBox {
  const preferences = { ...USUAL_PREFERENCES, ...state.preferences }
  const kept = { ...state, preferences }
  return { chatId, state: kept, notices: [], letters: [], digests: undefined }
}

function resumed(content: object, now: number): { serial: number; steady: number } {
  const { serial, steady, now: savedAt } = content as Record<string, number>
  const away = Math.min(Math.max(0, now - (savedAt ?? now)), LONGEST_AWAY_MS)
  return { serial: serial ?? 0, steady: (steady ?? 0) + away }
}

function versioned<T extends object>(content: T | undefined): unknown {
  if (content === undefined) return undefined
  return { version: VERSION, ...content }
}

function unversioned(key: string, value: unknown): object {
  const isOurs = typeof value === 'object' && value !== null && 'version' in value
  if (!isOurs || value.version !== VERSION) {
    throw new Error(`the store's document ${key} is not as this version writes it`)
  }
  const { version: _, ...content } = value as { version: number }
  return content
}
