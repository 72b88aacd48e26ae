import { helpMessage } from '../../messages/help.ts'
import type { Command } from '../command.ts'

/** Lists what can be asked. */
export const help: Command = {
  name: 'help',
  topic: 'program',
  usage: '',
  summary: 'This list',
  run(_words, { commands }) {
    return { messages: [helpMessage(commands)] }
  },
}
