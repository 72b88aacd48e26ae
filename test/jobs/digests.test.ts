import { expect, it } from 'vitest'
import { AlertDesk } from '../../src/alerts/desk.ts'
import { digestRound } from '../../src/jobs/digests.ts'
import { manualClock } from '../support/manual-clock.ts'

const MORNING = Date.parse('2026-11-19T07:59:50Z')

it('opens no mailbox for a chat that is forgotten while figures are made', async () => {
  const clock = manualClock(MORNING)
  const desk = new AlertDesk([], () => undefined)
  const told: number[] = []
  const round = digestRound({
    clock,
    desk,
    chats: () => [1, 2].map((id) => ({ id, timeZone: 'UTC' })),
    usualMinute: () => 8 * 60,
    listeningSince: () => 0,
    isCaughtUp: () => true,
    keep: async () => desk.close(2),
    save: async () => undefined,
    tell: (ids) => void told.push(...ids),
  })
  await round()
  await clock.advance(10_000)
  await round()
  expect([...desk.boxes()].map(([id]) => id)).toEqual([1])
  expect(told).toContain(1)
})
