import { type Api, GrammyError, HttpError } from 'grammy'
import type { AlertDesk } from '../../src/alerts/desk.ts'
import type { Letter } from '../../src/alerts/letter.ts'

/** How the next call ends. */
export type CallOutcome =
  | 'ok'
  /** Carried out, and the answer lost. */
  | 'lost-reply'
  /** Lost on the way, and the caller cannot know. */
  | 'lost-call'
  | 'refused'
  | 'limited'
  | 'blocked'
  | 'unreadable'
  | 'gone'

/** One call that Telegram took, and what it showed. */
export type Taken = {
  at: number
  chatId: number
  letter: number
  form: Letter['form']
  isEdit: boolean
  isLoud: boolean
  messageId: number
  text: string
  members: readonly {
    id: string
    revision: number
    state: string
    severity: string
    rings: number
    isMoved: boolean
  }[]
}

const RETRY_AFTER_S = 7

/** A Telegram in memory that takes, loses and refuses as it is told, and notes what it took. */
export class TelegramWorld {
  readonly taken: Taken[] = []
  /** Calls of each letter whose end nobody could know, by chat and letter. */
  readonly unsure = new Map<string, number>()
  readonly limits: { chatId: number; until: number }[] = []
  readonly tooEarly: string[] = []
  readonly blocked = new Set<number>()
  outcomes: { chatId: number | undefined; outcome: CallOutcome }[] = []
  calls = 0
  desk: AlertDesk | undefined
  #lastId = 0
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** As much of grammY's Api as a sender uses. */
  api(): Api {
    const raw = {
      sendMessage: async (payload: Payload) => ({ message_id: this.#call(payload) }),
      editMessageText: async (payload: Payload) => this.#call(payload) > 0,
    }
    return { raw } as unknown as Api
  }

  noteUnsure(chatId: number, letter: number): void {
    const key = `${chatId} ${letter}`
    this.unsure.set(key, (this.unsure.get(key) ?? 0) + 1)
  }

  async probe(): Promise<void> {
    this.calls += 1
  }

  #call(payload: Payload): number {
    this.calls += 1
    const { chat_id: chatId, message_id: edited } = payload
    this.#checkLimits(chatId)
    const letter = this.#letter(chatId, edited)
    if (this.blocked.has(chatId)) throw refusal(403, 'Forbidden: bot was blocked by the user')
    switch (this.#outcomeFor(chatId)) {
      case 'ok':
        return this.#take(payload, letter)
      case 'lost-reply':
        this.#take(payload, letter)
        throw this.#ambiguous(chatId, letter)
      case 'lost-call':
        throw this.#ambiguous(chatId, letter)
      case 'refused':
        throw network('ECONNREFUSED')
      case 'limited':
        this.limits.push({ chatId, until: this.#now() + RETRY_AFTER_S * 1000 })
        throw refusal(429, 'Too Many Requests', { retry_after: RETRY_AFTER_S })
      case 'blocked':
        this.blocked.add(chatId)
        throw refusal(403, 'Forbidden: bot was blocked by the user')
      case 'unreadable':
        if (!('parse_mode' in payload)) return this.#take(payload, letter)
        throw refusal(400, "Bad Request: can't parse entities")
      case 'gone':
        if (edited === undefined) return this.#take(payload, letter)
        throw refusal(400, 'Bad Request: message to edit not found')
    }
  }

  #outcomeFor(chatId: number): CallOutcome {
    const i = this.outcomes.findIndex((one) => one.chatId === undefined || one.chatId === chatId)
    return i < 0 ? 'ok' : (this.outcomes.splice(i, 1)[0]?.outcome ?? 'ok')
  }

  #checkLimits(chatId: number): void {
    const early = this.limits.find((one) => one.chatId === chatId && this.#now() < one.until)
    if (early) this.tooEarly.push(`${chatId} at ${this.#now()} before ${early.until}`)
  }

  /** The letter that the call carries: the program is in this very process. */
  #letter(chatId: number, edited: number | undefined): Letter {
    const letters = [...(this.desk?.box(chatId).letters.values() ?? [])]
    const letter = letters.find(({ state, messageId }) =>
      edited === undefined ? state === 'sending' : messageId === edited,
    )
    if (letter === undefined) throw new Error('a message that is of no letter')
    return letter
  }

  #take(payload: Payload, letter: Letter): number {
    const { chat_id: chatId, message_id: edited, text } = payload
    const box = this.desk?.box(chatId)
    const members = letter.members.flatMap(({ alert: id }) => {
      const alert = this.desk?.book.get(id)
      if (alert === undefined) return []
      const { revision, state, severity, rings } = alert
      const isMoved = box?.isMoved(letter, id) ?? false
      return [{ id, revision, state, severity, rings, isMoved }]
    })
    if (edited === undefined) this.#lastId += 1
    const messageId = edited ?? this.#lastId
    this.taken.push({
      at: this.#now(),
      chatId,
      letter: letter.id,
      form: letter.form,
      isEdit: edited !== undefined,
      isLoud: edited === undefined && payload.disable_notification !== true,
      messageId,
      text,
      members,
    })
    return messageId
  }

  #ambiguous(chatId: number, { id }: Letter): HttpError {
    this.noteUnsure(chatId, id)
    return network('ECONNRESET')
  }
}

type Payload = {
  chat_id: number
  message_id?: number
  text: string
  parse_mode?: string
  disable_notification?: boolean
}

function network(code: string): HttpError {
  return new HttpError('Network request failed', Object.assign(new Error(code), { code }))
}

function refusal(code: number, description: string, parameters = {}): GrammyError {
  const answer = { ok: false as const, error_code: code, description, parameters }
  return new GrammyError('Call failed', answer, 'sendMessage', {})
}
