import { AsyncLocalStorage } from 'node:async_hooks'
import { createHmac } from 'node:crypto'
import { type Reader, tellReaderBy, USUAL_READER } from '../messages/reader.ts'
import type { Chat, Chats } from './chats.ts'

// Follows a message from where it is begun through everything that is awaited on the way.
const underWay = new AsyncLocalStorage<() => Reader>()

/** Runs what makes messages for a chat, so that figures and names come out as that chat wants them. */
export class Readers {
  readonly #chats: Chats

  constructor(chats: Chats) {
    this.#chats = chats
    tellReaderBy(() => underWay.getStore()?.())
  }

  /**
   * The chat's settings are read when they are needed: a message may be about their change. A chat
   * that moves to another id, or is forgotten, meanwhile reads as it did before: what it hides stays
   * hidden.
   */
  madeFor<T>(chatId: number, make: () => T): T {
    let chat = this.#chats.get(chatId)
    const now = () => {
      chat = this.#chats.get(chatId) ?? chat
      return readerOf(chat)
    }
    return underWay.run(now, make)
  }
}

/** Returns how a chat reads; one that is not let in reads as usual. */
export function readerOf(chat: Chat | undefined): Reader {
  if (chat === undefined) return USUAL_READER
  const { locale = USUAL_READER.locale, clock, privacyKey } = chat
  const pseudonym =
    privacyKey === undefined
      ? undefined
      : (words: string) => lettersOf(createHmac('sha256', privacyKey).update(words).digest())
  return { locale, clock, pseudonym }
}

// Without vowels they spell nothing. 20^4 = 160,000: of 100 peers two get the same in 3 of 100 chats.
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 4

function lettersOf(digest: Buffer): string {
  return Array.from({ length: LENGTH }, (_, i) => {
    const sixteenBits = digest.readUInt16BE(2 * i)
    return LETTERS[sixteenBits % LETTERS.length]
  }).join('')
}
