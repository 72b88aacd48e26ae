import type { DigestWishes } from '../../alerts/digest-schedule.ts'
import { scheduleOf } from '../../alerts/digest-step.ts'
import { digestPage, digestWords } from '../../messages/settings/digest.ts'
import type { Setting } from '../setting.ts'
import { minutesOf } from '../time-of-day.ts'

/** Whether digests come, and at what time. */
export const digestSetting: Setting = {
  name: 'digest',
  title: 'Digest',
  takes: 'a time, on, off, daily on or off, weekly on or off',
  example: '07:30',
  summary: ({ digests }, { ports }) => digestWords(digests, ports.digests.usualMinute()),
  page(preferences, _words, { reading, ports, chat }) {
    const schedule = scheduleOf(preferences, reading.timeZone, ports.digests.usualMinute())
    const nextAt = ports.alerts.desk.box(chat.id).digests.next(schedule, reading.now)
    return digestPage(preferences, { minute: schedule.minute, nextAt }, reading)
  },
  isChange: (words) => words.length > 0,
  change(words, preferences) {
    const digests = changed(words, preferences.digests)
    return digests && { ...preferences, digests }
  },
}

function changed([first = '', second, ...more]: readonly string[], wishes: DigestWishes) {
  const isOn = SWITCH.get(second?.toLowerCase())
  const takesTwo = ['daily', 'weekly'].includes(first.toLowerCase())
  if (more.length > 0 || (second !== undefined && !takesTwo)) return undefined
  switch (first.toLowerCase()) {
    case 'on':
      return { ...wishes, daily: true, weekly: true }
    case 'off':
      return { ...wishes, daily: false, weekly: false }
    case 'daily':
      return isOn === undefined ? undefined : { ...wishes, daily: isOn }
    case 'weekly':
      return isOn === undefined ? undefined : { ...wishes, weekly: isOn }
    default: {
      const minute = minutesOf(first)
      return minute === undefined ? undefined : { ...wishes, minute }
    }
  }
}

const SWITCH = new Map<string | undefined, boolean>([
  ['on', true],
  ['off', false],
])
