import { alreadyPaired } from '../../messages/welcome.ts'
import type { Command } from '../command.ts'

/** Says that the chat is paired; a chat that is not never comes here: see access.ts. */
export const start: Command = {
  name: 'start',
  topic: 'program',
  usage: 'CODE',
  summary: 'Pair a chat with the code that the program printed',
  run(_words, { ports, reading }) {
    return { messages: [alreadyPaired({ node: ports.node(), lnd: ports.lnd() }, reading)] }
  },
}
