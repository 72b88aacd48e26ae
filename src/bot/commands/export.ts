import {
  CHAT_FORMATS,
  CHAT_TABLES,
  type ChatTable,
  type ExportQuestion,
  exportMessages,
  noExportInPrivate,
  USUAL_TABLES,
  wrongExportWord,
} from '../../messages/export.ts'
import type { Command } from '../command.ts'
import { windowOf } from '../window-word.ts'

/** Sends what is remembered as files. */
export const exportCommand: Command = {
  name: 'export',
  topic: 'node',
  isAnalysed: true,
  usage: 'csv 30d',
  summary: 'Forwards, refusals, demands, opportunities as files',
  async run(words, { ports, chat, reading }) {
    if (chat.privacyKey !== undefined) return { messages: [noExportInPrivate()] }
    const question = readQuestion(words)
    if ('wrong' in question) return { messages: [wrongExportWord(question.wrong)] }
    const files = await ports.exportFiles(question)
    return { messages: exportMessages(files, question, reading), asNew: true }
  },
}

/** Reads the words in any order; the later of two formats or windows counts. */
function readQuestion(words: readonly string[]): ExportQuestion | { wrong: string } {
  let format: ExportQuestion['format'] = 'csv'
  let window: ExportQuestion['window'] = '7d'
  const tables = new Set<ChatTable>()
  for (const said of words) {
    const word = said.toLowerCase()
    const table = CHAT_TABLES.find(
      (one) => one === word || one === `${word}s` || one === pluralOf(word),
    )
    const asked = windowOf(word)
    const as = CHAT_FORMATS.find((one) => one === word)
    if (as !== undefined) format = as
    else if (table !== undefined) tables.add(table)
    else if (word === 'all') for (const one of USUAL_TABLES) tables.add(one)
    else if (asked !== undefined && asked !== '1h') window = asked
    else return { wrong: said }
  }
  const chosen = CHAT_TABLES.filter((one) => tables.has(one))
  return { format, window, tables: chosen.length > 0 ? chosen : USUAL_TABLES }
}

function pluralOf(word: string): string {
  return word.replace(/y$/, 'ies')
}
