import type { Clock } from '../clock.ts'
import type { GroupSpec } from './bot-api-chats.ts'
import type { Payload, ShownMessage } from './bot-api-render.ts'

export type BotApiOptions = {
  /** The token that is accepted; calls with any other get 401. */
  token: string
  /** Default: a free one. */
  port?: number
  botUsername?: string
  clock?: Clock
}

/** How the next call of a method fails. */
export type Fault =
  /** As Telegram refuses: with a code, its words and, for 429, the wait in seconds. */
  | { code: number; description: string; retryAfter?: number }
  /** A gateway's page instead of JSON; a cut connection; no answer at all. */
  | 'bad-gateway'
  | 'reset'
  | 'hang'
  /** The call is carried out, but its answer is lost. */
  | 'lost-reply'

/** Who says something, and where in a forum. */
export type Speaker = {
  /** Default: in a private chat its owner, in a group person 1. */
  from?: number
  threadId?: number
  /** An administrator who writes in the name of the group. */
  isAnonymous?: boolean
}

/** What the bot answers to a press: a notice that pops up, or an alert that has to be closed. */
export type PressAnswer = { text: string | undefined; isAlert: boolean }

/** What a person has said, as it stands in the chat. */
export type SaidMessage = {
  chatId: number
  messageId: number
  threadId: number | undefined
  text: string
}

/** A call of the bot with its parameters. */
export type ApiCall = { method: string; payload: Payload }

/** A local Bot API server, and the people who use the bot through it. */
export type BotApi = AsyncDisposable & {
  /** To be used as TELEGRAM_API_ROOT. */
  url: string
  port: number
  /** Makes a group. Private chats (positive ids) come to be when their owner first says something. */
  group(spec: GroupSpec): void
  /** Says something to the bot; returns the id of the message. */
  say(chatId: number, text: string, speaker?: Speaker): number
  /**
   * Presses a button of a message of the bot, by its data or its label. Resolves with the notice
   * that pops up, or undefined, when the bot has answered the press.
   */
  press(
    chatId: number,
    messageId: number,
    button: string,
    speaker?: Speaker,
  ): Promise<string | undefined>
  /** The same; resolves with all that the bot answers. */
  pressed(
    chatId: number,
    messageId: number,
    button: string,
    speaker?: Speaker,
  ): Promise<PressAnswer>
  /** What the bot said in a chat, as it stands now, oldest first. */
  messages(chatId: number): readonly ShownMessage[]
  /** Calls the listener on each message sent or edited; returns a function that ends it. */
  onMessage(listener: (message: ShownMessage) => void): () => void
  /** Calls the listener on whatever people say; returns a function that ends it. */
  onSaid(listener: (message: SaidMessage) => void): () => void
  /** Calls the listener on each call but getUpdates, before it is answered; returns a function that ends it. */
  onCall(listener: (call: ApiCall) => void): () => void
  /** Blocks the bot in a chat or lets it in again; tells the bot with my_chat_member. */
  block(chatId: number, isBlocked: boolean): void
  /** Turns a group into a supergroup with another id, with or without its service message. */
  migrate(from: number, to: number, isTold?: boolean): void
  /** Lets the next calls of a method fail, one fault each. */
  fail(method: string, ...faults: readonly Fault[]): void
  /** Cuts every connection before anything is carried out, or lets them through again. */
  cut(isCut: boolean): void
  /** Calls that were cut so far, without getUpdates. */
  cutCalls(): number
  /** All calls so far, without getUpdates: at most the last 1,000. */
  calls(): readonly ApiCall[]
}
