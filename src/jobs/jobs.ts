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
  const logger = loggerOf(log)
  for (const job of jobs) {
    schedule(job.when, () => runJob(job, log), {
      name: job.name,
      timezone: 'UTC',
      noOverlap: true,
      suppressMissedWarning: true,
      logger,
    })
  }
  return {
    async [Symbol.asyncDispose]() {
      await shutdown(SHUTDOWN_MS)
    },
  }
}

/** node-cron's own remarks, such as that a run was left out because the last one still goes on. */
function loggerOf(log: Log) {
  return {
    info: (text: string) => log.debug(text),
    warn: (text: string) => log.warn(text),
    error: (failure: string | Error) => log.error({ err: failure }, 'a job could not be run'),
    debug: (text: string | Error) => log.debug(String(text)),
  }
}

async function runJob(job: Job, log: Log): Promise<void> {
  try {
    await job.run()
  } catch (error) {
    log.error({ err: error, job: job.name }, 'a job failed; it runs again at its next time')
  }
}
