import type { Reading } from '../../analyzer/reading.ts'
import { type AlertRule, MINUTE_MS } from '../kind.ts'

/** Alerts do not reach a chat; those that can be reached are told. */
export const botDelivery: AlertRule = {
  kind: 'bot.delivery',
  severity: 'crit',
  waitMs: () => 0,
  calmMs: MINUTE_MS,
  absorbedBy: [],
}

/** How delivery stands: the time that the oldest untold alert waits, and the chats given up. */
export type DeliveryInput = {
  /** In ms by a clock that never steps; undefined when nothing waits. */
  oldestUnsentMs: number | undefined
  /** Epoch ms since when it waits, for display. */
  oldestUnsentAt: number | undefined
  deadChats: number
}

const TOO_OLD_MS = 10 * MINUTE_MS

/** Fires when an alert waits for more than ten minutes, or a chat takes nothing any more. */
export function readDelivery({
  oldestUnsentMs,
  oldestUnsentAt,
  deadChats,
}: DeliveryInput): Reading {
  const isLate = oldestUnsentMs !== undefined && oldestUnsentMs > TOO_OLD_MS
  const isCalm = oldestUnsentMs === undefined && deadChats === 0
  return {
    kind: 'bot.delivery',
    subject: 'node',
    severity: botDelivery.severity,
    level: isLate || deadChats > 0 ? 'fire' : isCalm ? 'calm' : 'hold',
    facts: { kind: 'delivery', oldestUnsentAt, deadChats },
  }
}
