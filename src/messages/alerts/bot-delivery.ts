import { counted, localTime } from '../format.ts'
import { html } from '../html.ts'
import { button } from '../message.ts'
import { type AlertText, doLine } from './alert-text.ts'

export const botDeliveryText: AlertText = {
  kind: 'bot.delivery',
  label: 'Alerts that do not arrive',
  headline({ alert: { facts } }) {
    if (facts.kind !== 'delivery' || facts.deadChats === 0) return 'Alerts arrive late in a chat'
    return `Alerts do not reach ${counted(facts.deadChats, 'chat')}`
  },
  lines({ alert: { facts } }, reading) {
    if (facts.kind !== 'delivery') return []
    const { oldestUnsentAt } = facts
    return [
      oldestUnsentAt === undefined
        ? html`Cause: the bot was blocked, removed, or may not write there`
        : html`The oldest waits since ${localTime(oldestUnsentAt, reading)}`,
      doLine('let the bot in again there and write /start, or /revoke the chat.'),
    ]
  },
  over: () => 'alerts arrive again',
  details: () => button('📊 Details', 'status'),
}
