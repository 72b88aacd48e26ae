import type { BotApi } from '../../src/demo/bot-api.ts'
import type { ShownMessage } from '../../src/demo/bot-api-render.ts'
import type { Setting } from '../bot/support.ts'

type Speaker = NonNullable<Parameters<BotApi['say']>[2]>

/** A conversation as a reviewer should read it: what is said and pressed, and what a phone shows. */
export class Transcript {
  readonly #on: Setting
  readonly #chatId: number
  readonly #speaker: Speaker
  readonly #lines: string[] = []
  #last: ShownMessage | undefined

  constructor(on: Setting, chatId: number, speaker: Speaker = {}) {
    this.#on = on
    this.#chatId = chatId
    this.#speaker = speaker
  }

  /** Says something and writes down the answer, of so many messages. */
  async say(text: string, answers = 1): Promise<this> {
    this.#lines.push(`▶ ${text}`, '')
    this.#on.api.say(this.#chatId, text, this.#speaker)
    for (let i = 0; i < answers; i++) this.#show(await this.#on.next(this.#chatId))
    return this
  }

  /** Presses a button of the last message and writes down what it does. */
  async press(label: string): Promise<this> {
    if (this.#last === undefined) throw new Error('there is nothing to press')
    this.#lines.push(`▶ [${label}]`, '')
    this.#show(await this.#on.press(this.#last, label))
    return this
  }

  toString(): string {
    return `${this.#lines.join('\n').trim()}\n`
  }

  #show(message: ShownMessage): void {
    const isEdit = message.messageId === this.#last?.messageId
    this.#last = message
    if (isEdit) this.#lines.push('(in place)')
    const { file } = message
    if (file) this.#lines.push(`(${file.kind} ${file.name})`)
    this.#lines.push(message.text)
    for (const row of message.buttons) {
      this.#lines.push(row.map(({ label }) => `[${label}]`).join(' '))
    }
    this.#lines.push('')
  }
}
