import type { Api } from 'grammy'
import type { Log } from '../log.ts'
import type { Command } from './command.ts'
import { grammySignal } from './signal.ts'
import { reasonOf } from './telegram-error.ts'

/** Telegram's menu of commands: strangers see /start, the chats that may ask see all. */
export class Menu {
  readonly #api: Api
  readonly #log: Log
  readonly #commands: readonly Command[]
  readonly #signal: AbortSignal

  /** Calls end and no further ones are made when the signal aborts. */
  constructor(api: Api, log: Log, commands: readonly Command[], signal: AbortSignal) {
    this.#signal = signal
    this.#api = api
    this.#log = log
    this.#commands = commands
  }

  /** Registers the commands, chat by chat. What fails is logged: the commands work without. */
  async register(chatIds: readonly number[]): Promise<void> {
    await this.#try(async () => {
      const commands = [{ command: 'start', description: 'Pair this chat with a code' }]
      await this.#api.raw.setMyCommands({ commands }, grammySignal(this.#signal))
    })
    for (const chatId of chatIds) await this.show(chatId)
  }

  /** Shows all commands in a chat. */
  async show(chatId: number): Promise<void> {
    const commands = this.#commands.map(({ name, summary }) => ({
      command: name,
      description: summary,
    }))
    await this.#try(() =>
      this.#api.raw.setMyCommands({ commands, scope: scopeOf(chatId) }, grammySignal(this.#signal)),
    )
  }

  /** Takes the commands out of the menu of a chat that was forgotten. */
  async hide(chatId: number): Promise<void> {
    await this.#try(() =>
      this.#api.raw.deleteMyCommands({ scope: scopeOf(chatId) }, grammySignal(this.#signal)),
    )
  }

  async #try(call: () => Promise<unknown>): Promise<void> {
    if (this.#signal.aborted) return
    try {
      await call()
    } catch (error) {
      this.#log.debug({ reason: reasonOf(error) }, 'the menu of commands could not be set')
    }
  }
}

function scopeOf(chatId: number): { type: 'chat'; chat_id: number } {
  return { type: 'chat', chat_id: chatId }
}
