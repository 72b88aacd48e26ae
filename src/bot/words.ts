/** A command as a person wrote it. */
export type Said = { name: string; words: readonly string[] }

// Telegram's limit of a message is 4,096 characters; nothing that is asked here needs so many.
const MAX_WORDS = 20

/**
 * Reads `/name@bot word word`. Undefined when it is no command, or one for another bot of a group.
 */
export function readCommand(text: string, username: string): Said | undefined {
  const match = /^\/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+([\s\S]*))?$/.exec(text.trim())
  if (match === null) return undefined
  const [, name = '', bot, rest = ''] = match
  if (bot !== undefined && bot.toLowerCase() !== username.toLowerCase()) return undefined
  return { name: name.toLowerCase(), words: splitWords(rest) }
}

/** Reads what a button sends back: the same words as a command has, without the slash. */
export function readPress(data: string): Said {
  const [name = '', ...words] = splitWords(data)
  return { name, words }
}

function splitWords(text: string): readonly string[] {
  return text.split(/\s+/).filter(Boolean).slice(0, MAX_WORDS)
}
