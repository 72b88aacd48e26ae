import { emptyingChannels } from '../analyzer/emptying.ts'
import type { DigestPorts } from '../bot/contracts.ts'
import type { Clock } from '../clock.ts'
import type { Analyst } from '../jobs/analyst.ts'
import { digestRound } from '../jobs/digests.ts'
import type { Job } from '../jobs/jobs.ts'
import { Reporter } from '../jobs/reporter.ts'
import type { Log } from '../log.ts'
import type { Memory } from '../stats/memory.ts'
import type { ChartViews, MemoryViews } from '../stats/views.ts'
import type { Store } from '../store/open-store.ts'
import type { Saver } from '../store/saver.ts'
import type { Alerting } from './alerting.ts'
import { pastTraffic } from './past-traffic.ts'

export type DigestingParts = {
  memory: Memory
  views: MemoryViews
  analyst: Analyst
  alerting: Alerting
  charts: ChartViews
  store: Pick<Store, 'readMember'>
  saver: Pick<Saver, 'flush'>
  clock: Clock
  log: Log
  /** The minute of the day for chats that have chosen none. */
  usualMinute: number
}

/** Who gets digests, and what tells them: the bot, once it runs. */
export type DigestTeller = {
  recipients(): readonly { id: number; timeZone: string }[]
  tellAlerts(chatIds: readonly number[]): void
}

/** Digests, from the figures to what the bot tells. */
export type Digesting = {
  /** What the bot needs. */
  ports: DigestPorts
  setUsualMinute(minute: number): void
  /** Queues the digests that are due. */
  job(teller: DigestTeller): Job
}

/** Introduces to each other what makes digests. */
export function openDigesting(parts: DigestingParts): Digesting {
  const { memory, views, charts, analyst, alerting, store, saver, clock, log } = parts
  let { usualMinute } = parts
  const reporter = new Reporter({
    clock,
    log,
    memory: views,
    analyzer: analyst.views,
    analyse: () => analyst.analyse(),
    series: (window, now) => charts.node(window, now),
    past: pastTraffic(memory, store, () => saver.flush()),
    emptying: () => emptyingChannels(memory, alerting.outflow),
  })
  const { desk, save } = alerting.ports
  return {
    ports: {
      make: (period) => reporter.make(period),
      of: (due) => reporter.of(due),
      usualMinute: () => usualMinute,
    },
    setUsualMinute(minute) {
      usualMinute = minute
    },
    job: (teller) => ({
      name: 'queue digests',
      // More often than the minute that people set: the demo's day is 36 minutes long.
      when: '*/5 * * * * *',
      run: digestRound({
        clock,
        desk,
        save,
        chats: () => teller.recipients(),
        usualMinute: () => usualMinute,
        listeningSince: () => memory.listeningSince,
        isCaughtUp: () => memory.coverage.isUp && memory.coverage.gaps.length === 0,
        keep: (due) => reporter.keep(due),
        tell: (ids) => teller.tellAlerts(ids),
      }),
    }),
  }
}
