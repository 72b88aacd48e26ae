import { isTimeZone } from '../../messages/format.ts'
import { askTimeZone, chooseTimeZone, noTimeZone, timeZoneSet } from '../../messages/time-zone.ts'
import type { Asked, Command, Reply } from '../command.ts'

/** Shows or changes the clock by which this chat reads times. */
export const timezone: Command = {
  name: 'timezone',
  topic: 'program',
  usage: 'Europe/Berlin',
  summary: 'Show or change the time zone of this chat',
  changes: (words) => words.length > 0,
  run(words, asked) {
    // People write "New York" for New_York.
    const wanted = words.join('_')
    if (wanted === '') return { messages: [askTimeZone(asked.reading)] }
    const zones = zonesFor(wanted)
    const [only, ...others] = zones
    if (only === undefined) return { messages: [noTimeZone(words.join(' '))] }
    if (others.length > 0) return { messages: [chooseTimeZone(words.join(' '), zones)] }
    return set(only, asked)
  },
}

async function set(timeZone: string, { chat, chats, reading }: Asked): Promise<Reply> {
  await chats.update(chat.id, { timeZone })
  return { messages: [timeZoneSet({ ...reading, timeZone })] }
}

/** The zones that a text may mean: a full name in any case, else those whose city contains it. */
function zonesFor(wanted: string): readonly string[] {
  const text = wanted.toLowerCase()
  const names = ['UTC', ...Intl.supportedValuesOf('timeZone')]
  const exact = names.find((name) => name.toLowerCase() === text)
  if (exact !== undefined) return [exact]
  // Names that are no longer canonical, such as Asia/Calcutta, are not among the supported values.
  if (wanted.includes('/') && isTimeZone(wanted)) return [wanted]
  const cities = names.filter((name) => name.toLowerCase().split('/').at(-1)?.includes(text))
  const whole = cities.filter((name) => name.toLowerCase().endsWith(`/${text}`))
  return whole.length > 0 ? whole : cities
}
