import type { ShownButton } from './bot-api-render.ts'
import type { Going, ScenarioName } from './scenario.ts'

/** A chat as one of the demo's people has it: who it is that talks to the bot there. */
export type PageChat = {
  id: number
  title: string
  /** Whose chats these are: they stand together in the list. */
  account: string
  /** Who says and presses. */
  personId: number
  /** Of a group with topics; the first is General, which has no id. */
  topics: readonly { id: number | undefined; title: string }[]
  isPaired: boolean
  /** What makes this chat worth a look. */
  hint: string
}

/** What stands in a chat: a message of the bot as it is now, or what the person has said. */
export type Entry = {
  chatId: number
  messageId: number
  threadId: number | undefined
  from: 'bot' | 'person'
  /** Epoch ms of the demo's clock. */
  at: number
  /** Telegram's HTML, or, when it is plain, the text itself. */
  markup: string
  isPlain: boolean
  buttons: readonly (readonly ShownButton[])[]
  edits: number
  file: EntryFile | undefined
}

/** A photo or document of a message; its bytes come from `url`. */
export type EntryFile = { kind: 'photo' | 'document'; name: string; bytes: number; url: string }

/** A command of a chat's menu. */
export type MenuCommand = { command: string; description: string }

/** How the demo runs now. */
export type PageState = {
  /** The past is being played, or life goes on. */
  stage: 'past' | 'life'
  /** Epoch ms of the demo's clock: where the past began, where it ends, and now. */
  startAt: number
  presentAt: number
  now: number
  speed: number
  going: Going
}

/** What the page hears, one event each. */
export type PageEvent =
  | {
      type: 'hello'
      timeZone: string
      speeds: readonly number[]
      chats: readonly PageChat[]
      entries: readonly Entry[]
      menus: readonly { chatId: number; commands: readonly MenuCommand[] }[]
      state: PageState
    }
  | { type: 'entry'; entry: Entry }
  | { type: 'menu'; chatId: number; commands: readonly MenuCommand[] }
  | { type: 'typing'; chatId: number; threadId: number | undefined }
  | { type: 'answer'; press: string; text: string | undefined; isAlert: boolean }
  | { type: 'state'; state: PageState }

/** What somebody does on the page. */
export type PageWish =
  | { kind: 'say'; chatId: number; threadId?: number | undefined; text: string }
  | { kind: 'press'; press: string; chatId: number; messageId: number; data: string }
  | { kind: 'speed'; speed: number }
  | { kind: 'scenario'; scenario: ScenarioName }
