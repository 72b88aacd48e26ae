import { askRevoke, notRevoked, revoked, revokeInConfiguration } from '../../messages/revoke.ts'
import type { Command } from '../command.ts'

/** Makes the bot forget this chat, after asking. */
export const revoke: Command = {
  name: 'revoke',
  usage: '',
  summary: 'Make the bot forget this chat',
  changes: () => true,
  async run(words, { chat, chats, isPress }) {
    if (chats.isConfigured(chat)) {
      return { messages: [revokeInConfiguration(chat.configuredAs ?? chat.id)] }
    }
    if (isPress && words[0] === 'no') return { messages: [notRevoked()] }
    if (!isPress || words[0] !== 'yes') return { messages: [askRevoke()] }
    await chats.revoke(chat.id)
    return { messages: [revoked()] }
  },
}
