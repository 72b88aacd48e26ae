import {
  askRevoke,
  type Forgettable,
  noSuchChat,
  notRevoked,
  revoked,
  revokeInConfiguration,
} from '../../messages/revoke.ts'
import type { Asked, Command } from '../command.ts'

/** Makes the bot forget a chat, after asking: this one, or another by its id. */
export const revoke: Command = {
  name: 'revoke',
  topic: 'program',
  usage: '',
  summary: 'Make the bot forget this chat',
  changes: () => true,
  async run(words, asked) {
    const id = /^-?\d{1,16}$/.test(words[0] ?? '') ? Number(words[0]) : asked.chat.id
    const chat = asked.chats.get(id)
    if (chat === undefined) return { messages: [noSuchChat()] }
    if (asked.chats.isConfigured(chat)) {
      return { messages: [revokeInConfiguration(chat.configuredAs ?? chat.id)] }
    }
    const subject = { id, title: chat.title, isHere: id === asked.chat.id }
    return { messages: [await decide(words.at(-1), subject, asked)] }
  },
}

async function decide(word: string | undefined, chat: Forgettable, asked: Asked) {
  // Only the buttons decide: a typed "yes" was not asked for.
  if (asked.isPress && word === 'no') return notRevoked(chat)
  if (!asked.isPress || word !== 'yes') return askRevoke(chat)
  await asked.forget(chat.id)
  return revoked(chat)
}
