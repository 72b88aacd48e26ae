import type { Alert } from '../../alerts/alert.ts'
import { loudnessOf } from '../../alerts/preferences.ts'
import { letterMessage } from '../../messages/alerts/letter.ts'
import { byWeight } from '../../messages/alerts/list.ts'
import {
  ALERTS_PAGE,
  noAlert,
  OVER_BEFORE,
  overviewMessage,
  SETTLED,
  TAKEN_ON,
  TAKEN_ON_BEFORE,
} from '../../messages/alerts/overview.ts'
import type { Asked, Command, Reply } from '../command.ts'
import { fromOf } from '../from.ts'
import { muteAlert } from '../muting.ts'

const ACTIONS = ['ack', 'normal', 'mute']

/** Lists alerts, shows one, and does what the buttons under one say. */
export const alerts: Command = {
  name: 'alerts',
  topic: 'alerts',
  usage: '',
  summary: 'What is wrong now, and what was within the week',
  changes: ([, action]) => ACTIONS.includes(action ?? ''),
  run(words, asked) {
    const [first = '', action, ...rest] = words
    if (first === '' || ['past', 'new'].includes(first) || fromOf(first) !== undefined) {
      return overview(words, asked)
    }
    const id = first.replace(/^#/, '').toUpperCase()
    const alert = asked.ports.alerts.desk.book.get(id)
    if (alert === undefined) return { messages: [noAlert(first)], asNew: true }
    switch (action) {
      case 'ack':
        return acknowledge(alert, asked)
      case 'normal':
        return settle(alert, asked)
      case 'mute':
        return muteAlert(alert, rest, asked)
      default:
        return show(alert, action === 'new', asked)
    }
  },
}

function overview(words: readonly string[], { ports, chat, reading }: Asked): Reply {
  const { desk, about } = ports.alerts
  const box = desk.box(chat.id)
  const isPast = words.includes('past')
  const offset = words.map(fromOf).find((from) => from !== undefined) ?? 0
  const wanted = [...desk.book.all()]
    .filter(({ state }) => (state === 'resolved') === isPast)
    .filter(({ kind }) => loudnessOf(box.state.preferences, kind) !== 'off')
    .map((alert) => ({ alert, about: about(alert.subject) }))
    .sort(isPast ? byEnd : byWeight)
  const last = Math.max(0, Math.floor((wanted.length - 1) / ALERTS_PAGE) * ALERTS_PAGE)
  const from = Math.min(offset, last)
  const views = wanted.slice(from, from + ALERTS_PAGE)
  const mutes = box.mutesInForce(reading.now).length
  const page = { isPast, views, offset: from, total: wanted.length, mutes }
  return { messages: [overviewMessage(page, reading)], asNew: words.includes('new') }
}

function byEnd(a: { alert: Alert }, b: { alert: Alert }): number {
  return (b.alert.resolvedAt ?? 0) - (a.alert.resolvedAt ?? 0)
}

function show(alert: Alert, asNew: boolean, { ports, reading }: Asked): Reply {
  const view = { alert, about: ports.alerts.about(alert.subject), isMoved: false }
  const letter = { form: 'alert', cause: undefined, isRepeat: false, lateMs: 0 } as const
  return { messages: [letterMessage({ ...letter, alerts: [view] }, reading)], asNew }
}

async function acknowledge(
  { id }: Alert,
  { ports, by, reading, tellAlerts }: Asked,
): Promise<Reply> {
  const isDone = ports.alerts.desk.acknowledge(id, by, reading.now)
  await ports.alerts.save()
  tellAlerts()
  return { messages: [], notice: isDone ? TAKEN_ON : TAKEN_ON_BEFORE }
}

async function settle({ id }: Alert, { ports, reading, tellAlerts }: Asked): Promise<Reply> {
  const isDone = ports.alerts.desk.settle(id, reading.now)
  await ports.alerts.save()
  tellAlerts()
  return { messages: [], notice: isDone ? SETTLED : OVER_BEFORE }
}
