import { schedule, shutdown } from 'node-cron'
import type { Log } from '../log.ts'

/** One thing that happens by the clock. One job is one row. */
export type Job = {
  name: string
  /** A cron expression in UTC, seconds first when it has six fields. */
  when: string
  run(): Promise<void> | void
}

const SHUTDOWN_MS = 5_000

/**
 * Starts jobs by node-cron, in UTC (in a zone with daylight saving time it skips or doubles hours).
 * A run that is still going on is not overtaken by the next; a failing one is logged and the
 * schedule goes on. Disposal waits for runs in progress.
 */
export function startJobs(jobs: readonly Job[], log: Log): AsyncDisposable {
  for (const job of jobs) {
    schedule(job.when, () => runJob(job, log), {
      name: job.name,
      timezone: 'UTC',
      noOverlap: true,
      suppressMissedWarning: true,
    })
  }
  return {
    async [Symbol.asyncDispose]() {
      await shutdown(SHUTDOWN_MS)
    },
  }
}

async function runJob(job: Job, log: Log): Promise<void> {
  try {
    await job.run()
  } catch (error) {
    log.error({ err: error, job: job.name }, 'a job failed; it runs again at its next time')
  }
}
