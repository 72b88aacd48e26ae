import type { Reading } from '../messages/format.ts'
import type { CommandText } from '../messages/help.ts'
import type { Message } from '../messages/message.ts'
import type { TelegramStatus } from '../messages/status.ts'
import type { Chat, Chats } from './chats.ts'
import type { BotPorts } from './contracts.ts'

/** One thing that a chat may ask; one file each in `commands/`, listed in `commands.ts`. */
export type Command = CommandText & {
  /** Whether these words change something, which in a group only administrators may. */
  changes?(words: readonly string[]): boolean
  /** Whether it answers from the analysis, which may have to be made anew first. */
  isAnalysed?: boolean
  run(words: readonly string[], asked: Asked): Promise<Reply> | Reply
}

/** Who asks, when, and whom the answer may be asked of. */
export type Asked = {
  chat: Chat
  reading: Reading
  ports: BotPorts
  chats: Chats
  commands: readonly Command[]
  telegram: TelegramStatus
  /** Forgets a chat that paired. */
  forget(chatId: number): Promise<void>
  /** Who asks, as others know them: `@bob`. */
  by: string
  /** Alerts may be due in this chat: looks whether they are. */
  tellAlerts(): void
  /** Whether a button was pressed, so that the answer takes the place of its message. */
  isPress: boolean
}

/**
 * What to say, first things first; `asNew` also when a button was pressed. `notice` pops up over
 * the button.
 */
export type Reply = { messages: readonly Message[]; asNew?: boolean; notice?: string }
