import type { Preferences } from '../alerts/preferences.ts'
import type { Message } from '../messages/message.ts'
import type { Chat } from './chats.ts'
import type { Asked } from './command.ts'

/** One row of /settings: one file each in `settings/`, listed in `settings.ts`. */
export type Setting = {
  /** The word for it: `/settings NAME`. */
  name: string
  title: string
  /** What it takes in words, and a value, for who wrote one that it does not take. */
  takes: string
  example: string
  summary(preferences: Preferences, asked: Asked): string
  /** The page that shows and changes it; the words say which part, where it has parts. */
  page(preferences: Preferences, words: readonly string[], asked: Asked): Message
  /** Whether these words ask for a change; without it they open a page. */
  isChange(words: readonly string[]): boolean
} & (
  | {
      /** Returns the preferences as these words change them; undefined when it does not take them. */
      change(words: readonly string[], preferences: Preferences): Preferences | undefined
    }
  | {
      /** Returns what these words change of the chat itself; undefined when it does not take them. */
      changeChat(words: readonly string[], chat: Chat): Partial<Omit<Chat, 'id'>> | undefined
    }
)
