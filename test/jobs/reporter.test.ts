import { describe, expect, it } from 'vitest'
import type { DueDigest } from '../../src/alerts/digest-schedule.ts'
import { Reporter, type ReporterParts } from '../../src/jobs/reporter.ts'
import { createLog } from '../../src/log.ts'
import { HOUR, MINUTE, NOON } from '../support/events.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { fakeCharts } from '../support/fake-charts.ts'
import { AWKWARD_CHANNELS, FakeMemory } from '../support/fake-memory.ts'
import { manualClock } from '../support/manual-clock.ts'

const DUE: DueDigest = { period: 'day', date: '2026-11-21', dueAt: NOON }

function setUp(change: Partial<ReporterParts> = {}) {
  const clock = manualClock(NOON)
  const done = { analyses: 0, lines: '' }
  const write = (line: string) => {
    done.lines += line
  }
  const log = createLog('info', [], { write })
  const reporter = new Reporter({
    clock,
    log,
    memory: new FakeMemory(AWKWARD_CHANNELS, NOON - 90 * 24 * HOUR),
    analyzer: new FakeAnalyzer(AWKWARD_CHANNELS, NOON),
    analyse: async () => {
      done.analyses += 1
    },
    series: fakeCharts().node,
    past: {
      before: async (_, to) => ({ from: 0, to, settled: 1, volumeMsat: 1n, earnedMsat: 1n }),
      isBeingFilled: () => false,
    },
    emptying: () => [],
    ...change,
  })
  return { clock, reporter, done }
}

describe(Reporter, () => {
  it('keeps the figures of a digest as of its hour until it can be sent', async () => {
    const { clock, reporter, done } = setUp()
    await reporter.keep(DUE)
    await clock.advance(5 * HOUR)
    expect(await reporter.of(DUE)).toMatchObject({ at: NOON, series: { window: '24h' } })
    // Other chats of that hour share them.
    await reporter.keep(DUE)
    expect(done.analyses).toBe(1)
  })

  it('makes those of now where they are gone, as after a restart', async () => {
    const { clock, reporter } = setUp()
    await clock.advance(5 * HOUR)
    expect(await reporter.of(DUE)).toMatchObject({ at: NOON + 5 * HOUR, period: 'day' })
  })

  it('forgets what nobody can want any more', async () => {
    const { clock, reporter } = setUp()
    await reporter.keep(DUE)
    await clock.advance(31 * HOUR)
    await reporter.keep({ ...DUE, dueAt: NOON + 31 * HOUR })
    await clock.advance(MINUTE)
    expect(await reporter.of(DUE)).toMatchObject({ at: NOON + 31 * HOUR + MINUTE })
  })

  it('goes without what cannot be read, and says so in the log', async () => {
    const fail = async () => {
      throw new Error('the disk is gone')
    }
    const { reporter, done } = setUp({
      series: fail,
      past: { before: fail, isBeingFilled: () => false },
    })
    const digest = await reporter.make('week')
    expect(digest).toMatchObject({ before: undefined, series: undefined, period: 'week' })
    expect(digest.traffic.settled).toBeGreaterThan(0)
    expect(digest.lastDay).toBeDefined()
    expect(done.lines.match(/the past of a digest cannot be read/g)).toHaveLength(2)
  })
})
