import { notUnderstood, settingsOverview } from '../../messages/settings/page.ts'
import type { Asked, Command, Reply } from '../command.ts'
import type { Setting } from '../setting.ts'
import { SETTINGS } from '../settings.ts'

/** Shows or changes what this chat is told. */
export const settings: Command = {
  name: 'settings',
  topic: 'alerts',
  usage: '',
  summary: 'What this chat is told, how loudly and when',
  changes([name, ...words]) {
    return SETTINGS.find((one) => one.name === name?.toLowerCase())?.isChange(words) ?? false
  },
  run([name, ...words], asked) {
    const setting = SETTINGS.find((one) => one.name === name?.toLowerCase())
    return setting ? turn(setting, words, asked) : overview(asked)
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

function overview(asked: Asked): Reply {
  const { ports, chat } = asked
  const { preferences } = ports.alerts.desk.box(chat.id).state
  const rows = SETTINGS.map(({ name, title, summary }) => ({
    name,
    title,
    summary: summary(preferences, asked),
  }))
  return { messages: [settingsOverview(rows)] }
}

async function turn(setting: Setting, words: readonly string[], asked: Asked): Promise<Reply> {
  const { ports, chat, chats } = asked
  const isTaken = !setting.isChange(words) || (await change(setting, words, asked))
  if (!isTaken) return { messages: [notUnderstood(setting.name, setting.example)] }
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
