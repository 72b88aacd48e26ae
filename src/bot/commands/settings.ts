import {
  noSetting,
  notUnderstood,
  type SettingRow,
  settingsOverview,
} from '../../messages/settings/page.ts'
import type { Asked, Command, Reply } from '../command.ts'
import type { Setting } from '../setting.ts'
import { readSetting } from '../setting-words.ts'
import { SETTINGS } from '../settings.ts'

/** Shows or changes what this chat is told. */
export const settings: Command = {
  name: 'settings',
  topic: 'alerts',
  usage: '',
  summary: 'What this chat is told, how loudly and when',
  changes(words) {
    const named = readSetting(words)
    return named?.setting.isChange(named.words) ?? false
  },
  run(words, asked) {
    const named = readSetting(words)
    if (named) return turn(named.setting, named.words, asked)
    const rows = rowsFor(asked)
    const answer = words.length === 0 ? settingsOverview(rows) : noSetting(words.join(' '), rows)
    return { messages: [answer] }
  },
}

/** The same as `/settings sensitivity`, which people ask for by its name. */
export const sensitivity: Command = {
  name: 'sensitivity',
  topic: 'alerts',
  usage: 'low',
  summary: 'How readily spikes ring, and how often that would be',
  changes: (words) => words.length > 0,
  run: (words, asked) => settings.run(['sensitivity', ...words], asked),
}

function rowsFor(asked: Asked): readonly SettingRow[] {
  const { ports, chat } = asked
  const { preferences } = ports.alerts.desk.box(chat.id).state
  return SETTINGS.map(({ name, title, summary }) => ({
    name,
    title,
    summary: summary(preferences, asked),
  }))
}

async function turn(setting: Setting, words: readonly string[], asked: Asked): Promise<Reply> {
  const { ports, chat, chats } = asked
  const isTaken = !setting.isChange(words) || (await change(setting, words, asked))
  if (!isTaken) return { messages: [notUnderstood(setting)] }
  const { preferences } = ports.alerts.desk.box(chat.id).state
  const now = chats.get(chat.id) ?? chat
  return { messages: [setting.page(preferences, words, { ...asked, chat: now })] }
}

/** Returns whether the setting takes these words; what it changes is on disk then. */
async function change(
  setting: Setting,
  words: readonly string[],
  { ports, chat, chats, tellAlerts }: Asked,
): Promise<boolean> {
  if ('changeChat' in setting) {
    const changed = setting.changeChat(words, chat)
    if (changed !== undefined) await chats.update(chat.id, changed)
    return changed !== undefined
  }
  const box = ports.alerts.desk.box(chat.id)
  const preferences = setting.change(words, box.state.preferences)
  if (preferences === undefined) return false
  box.change({ preferences })
  await ports.alerts.save()
  tellAlerts()
  return true
}
