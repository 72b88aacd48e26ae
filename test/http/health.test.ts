import { describe, expect, it } from 'vitest'
import { type HealthFacts, problemsOf } from '../../src/http/health.ts'
import { LND_STATES } from '../../src/lightning/node-status.ts'
import { healthText } from '../../src/messages/health.ts'
import { MINUTE, NOON } from '../support/events.ts'
import { WELL } from './support.ts'

const NOW = NOON + 60 * MINUTE
const SINCE = NOON + 7 * MINUTE

describe(problemsOf, () => {
  it.each<[string, Partial<HealthFacts>, readonly string[]]>([
    ['all is well', {}, []],
    ['the wallet is locked', { lnd: { ...WELL.lnd, state: 'locked', since: SINCE } }, ['lnd']],
    ['LND was not reached yet', { lnd: { ...WELL.lnd, state: 'connecting' } }, ['lnd']],
    ['Telegram is out of reach', { telegramDownSince: SINCE }, ['telegram']],
    ['the last save failed', { saveFailingSince: SINCE }, ['store']],
    ['a save hangs on the disk', { savedAt: NOW - 2 * MINUTE }, ['store']],
    ['the last save was a moment ago', { savedAt: NOW - MINUTE / 2 }, []],
    [
      'everything fails',
      {
        lnd: { ...WELL.lnd, state: 'unreachable' },
        telegramDownSince: SINCE,
        saveFailingSince: SINCE,
        savedAt: NOON,
      },
      ['lnd', 'telegram', 'store'],
    ],
  ])('%s', (_, change, parts) => {
    const problems = problemsOf({ ...WELL, ...change }, NOW)
    expect(problems.map(({ part }) => part)).toEqual(parts)
  })

  it('says since when', () => {
    const [failing] = problemsOf({ ...WELL, saveFailingSince: SINCE }, NOW)
    expect(failing?.since).toBe(SINCE)
    const [stalled] = problemsOf({ ...WELL, savedAt: NOON }, NOW)
    expect(stalled?.since).toBe(NOON)
  })
})

describe(healthText, () => {
  it('has words for everything that can be wrong', () => {
    const lnd = LND_STATES.map((state) => ({ part: 'lnd', state, since: 0 }) as const)
    const store = (['failing', 'stalled'] as const).map(
      (state) => ({ part: 'store', state, since: 0 }) as const,
    )
    const texts = [...lnd, ...store, { part: 'telegram', since: 0 } as const].map(healthText)
    expect(new Set(texts).size).toBe(texts.length)
    expect(texts.filter((text) => text.length < 10)).toEqual([])
  })
})
