import { z } from 'zod'
import { CLOCKS, type Clock } from '../messages/reader.ts'
import type { ChatDocument, ChatDocuments } from './contracts.ts'

/** A chat that may talk to the bot. */
export type Chat = {
  id: number
  title: string
  timeZone: string
  /** The fewest demands and expected sats for /top to list a channel; undefined: it lists all. */
  least: { demands: number; sat: number } | undefined
  /** Whose separators and order of day and month it reads; undefined: the usual ones. */
  locale: string | undefined
  /** Undefined: the locale's. */
  clock: Clock | undefined
  /** Names and amounts are hidden, and this secret makes the names that stand for them. */
  privacyKey: string | undefined
  /** The secret of a time in which they were hidden: hidden again, names get the same letters. */
  formerPrivacyKey: string | undefined
  /** The topic that paired, to which pushed messages go; undefined for the chat itself. */
  threadId: number | undefined
  /** Epoch ms of the pairing; undefined for a chat that the configuration lists. */
  pairedAt: number | undefined
  /** Why the chat takes nothing now; `recheck` when that may change without word from it. */
  dead: { reason: string; at: number; recheck: boolean } | undefined
  /** The id under which the configuration lists it, where the group has moved to another since. */
  configuredAs: number | undefined
}

const DOCUMENT = z.object({
  version: z.literal(1),
  id: z.int(),
  title: z.string(),
  timeZone: z.string(),
  least: z.object({ demands: z.int(), sat: z.int() }).optional(),
  locale: z.string().optional(),
  clock: z.enum(CLOCKS).optional(),
  privacyKey: z.string().optional(),
  formerPrivacyKey: z.string().optional(),
  threadId: z.int().optional(),
  pairedAt: z.number().optional(),
  dead: z.object({ reason: z.string(), at: z.number(), recheck: z.boolean() }).optional(),
  configuredAs: z.int().optional(),
})

const PREFIX = 'chat:'

/** More chats than any operator has: 100 × about 300 bytes, and as many messages when one pairs. */
export const MAX_PAIRED_CHATS = 100

/** What else is kept for chats, and must follow them in the same write. */
export type ChatFollower = {
  opened(id: number): void
  /** A chat that was given up can be reached again. */
  revived(id: number): void
  closed(id: number): void
  /** Returns the documents to be written with the chat's own when it gets another id. */
  migrated(from: number, to: number): readonly ChatDocument[]
}

/** The chats that may talk to the bot: those of the configuration and those that paired. */
export class Chats {
  readonly #documents: ChatDocuments
  readonly #configured: ReadonlySet<number>
  #timeZone: string
  readonly #follower: ChatFollower
  readonly #chats = new Map<number, Chat>()

  private constructor(
    documents: ChatDocuments,
    configured: readonly number[],
    timeZone: string,
    follower: ChatFollower,
  ) {
    this.#follower = follower
    this.#documents = documents
    this.#configured = new Set(configured)
    this.#timeZone = timeZone
  }

  /** Reads the chats. @throws Error naming the document when one is not readable. */
  static async load(
    documents: ChatDocuments,
    configured: readonly number[],
    timeZone: string,
    follower: ChatFollower,
  ): Promise<Chats> {
    const chats = new Chats(documents, configured, timeZone, follower)
    for (const [key, value] of await documents.readAll(PREFIX)) {
      const chat = readChat(key, value)
      if (chats.#mayTalk(chat)) chats.#chats.set(chat.id, chat)
    }
    const moved = new Set([...chats.#chats.values()].map(({ configuredAs }) => configuredAs))
    for (const id of configured) {
      if (!moved.has(id) && !chats.#chats.has(id)) chats.#chats.set(id, chats.#fresh(id))
    }
    for (const id of chats.#chats.keys()) follower.opened(id)
    return chats
  }

  get(id: number): Chat | undefined {
    return this.#chats.get(id)
  }

  all(): readonly Chat[] {
    return [...this.#chats.values()]
  }

  /** Whether the configuration lets the chat in, so that no command can shut it out. */
  isConfigured({ id, configuredAs }: Chat): boolean {
    return this.#configured.has(configuredAs ?? id)
  }

  get isFull(): boolean {
    return this.#chats.size >= MAX_PAIRED_CHATS + this.#configured.size
  }

  /** Changes the zone of chats to come, and of configured ones that still have the former. */
  setTimeZone(timeZone: string): void {
    for (const [id, chat] of this.#chats) {
      const isFormer = chat.pairedAt === undefined && chat.timeZone === this.#timeZone
      if (isFormer) this.#chats.set(id, { ...chat, timeZone })
    }
    this.#timeZone = timeZone
  }

  /** Lets a chat in and uses its code up, in one write. */
  async pair(
    chat: Pick<Chat, 'id' | 'title' | 'threadId'>,
    now: number,
    code: ChatDocument,
  ): Promise<Chat> {
    const paired = { ...this.#fresh(chat.id), ...chat, pairedAt: now }
    await this.#documents.write([toDocument(paired), code])
    this.#chats.set(paired.id, paired)
    this.#follower.opened(paired.id)
    return paired
  }

  /** Changes what is known of a chat; nothing is written when nothing changes. */
  async update(id: number, change: Partial<Omit<Chat, 'id'>>): Promise<Chat | undefined> {
    const chat = this.#chats.get(id)
    if (chat === undefined) return undefined
    const changed: Chat = { ...chat, ...change }
    if (JSON.stringify(changed) === JSON.stringify(chat)) return chat
    await this.#documents.write([toDocument(changed)])
    this.#chats.set(id, changed)
    if (chat.dead && !changed.dead) this.#follower.revived(id)
    return changed
  }

  /** Forgets a chat that paired. */
  async revoke(id: number): Promise<void> {
    await this.#documents.write([{ key: PREFIX + id, value: undefined }])
    this.#chats.delete(id)
    this.#follower.closed(id)
  }

  /**
   * Follows a group to its new id, with all that is kept for it, in one write. Topics do not survive
   * the move.
   */
  async migrate(from: number, to: number): Promise<void> {
    const chat = this.#chats.get(from)
    if (chat === undefined || from === to) return
    const configuredAs = this.isConfigured(chat) ? (chat.configuredAs ?? from) : undefined
    const moved = { ...chat, id: to, threadId: undefined, dead: undefined, configuredAs }
    const others = this.#follower.migrated(from, to)
    // At once: what is said from here on is meant for the new id.
    this.#chats.delete(from)
    this.#chats.set(to, moved)
    const own = [{ key: PREFIX + from, value: undefined }, toDocument(moved)]
    try {
      await this.#documents.write([...own, ...others])
    } catch (error) {
      this.#chats.delete(to)
      this.#chats.set(from, chat)
      this.#follower.migrated(to, from)
      throw error
    }
  }

  #mayTalk(chat: Chat): boolean {
    return chat.pairedAt !== undefined || this.isConfigured(chat)
  }

  #fresh(id: number): Chat {
    return {
      id,
      title: '',
      timeZone: this.#timeZone,
      least: undefined,
      locale: undefined,
      clock: undefined,
      privacyKey: undefined,
      formerPrivacyKey: undefined,
      threadId: undefined,
      pairedAt: undefined,
      dead: undefined,
      configuredAs: undefined,
    }
  }
}

/** Returns the least that a channel must have for /top to list it in a chat: nothing by itself. */
export function leastOf({ least }: Chat): { demands: number; sat: number } {
  return least ?? { demands: 0, sat: 0 }
}

/** Returns whether any chat has paired: without one and without TELEGRAM_CHAT_IDS none can ask. */
export async function hasPairedChats(documents: ChatDocuments): Promise<boolean> {
  const found = await documents.readAll(PREFIX)
  return [...found].some(([key, value]) => readChat(key, value).pairedAt !== undefined)
}

function readChat(key: string, value: unknown): Chat {
  const read = DOCUMENT.safeParse(value)
  if (!read.success) {
    throw new Error(`the store's document ${key} is not a chat as this version writes it`)
  }
  const { id, title, timeZone, least, threadId, pairedAt, dead, configuredAs } = read.data
  const { locale, clock, privacyKey, formerPrivacyKey } = read.data
  const reader = { locale, clock, privacyKey, formerPrivacyKey }
  return { id, title, timeZone, least, ...reader, threadId, pairedAt, dead, configuredAs }
}

function toDocument(chat: Chat): ChatDocument {
  const known = Object.entries(chat).filter(([, value]) => value !== undefined)
  return { key: PREFIX + chat.id, value: { version: 1, ...Object.fromEntries(known) } }
}
