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
  const { ports, chat, tellAlerts } = asked
  const box = ports.alerts.desk.box(chat.id)
  if (setting.isChange(words)) {
    const preferences = setting.change(words, box.state.preferences)
    if (preferences === undefined) {
      return { messages: [notUnderstood(setting.name, setting.example)] }
    }
    box.change({ preferences })
    await ports.alerts.save()
    tellAlerts()
  }
  return { messages: [setting.page(box.state.preferences, words, asked)] }
}
