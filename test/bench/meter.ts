/** What one run of a child measured, printed by it as one line of JSON. */
export type Measured = {
  events: number
  eventsPerSecond: number
  /** User and system time of the whole process, from the first event to the last. */
  cpuMicrosPerEvent: number
  /** At the last event, and the most there ever was. */
  rssMb: number
  peakRssMb: number
  /** What /top took at the end, by window; of the pipeline alone. */
  topMs?: Readonly<Record<string, TopTimes>>
}

/** In ms. The first time also compiles the code. */
export type TopTimes = { first: number; median: number }

const MB = 1024 * 1024

/** Measures from its first event on. */
export class Meter {
  #events = 0
  #startedAt = 0
  #cpu: NodeJS.CpuUsage = { user: 0, system: 0 }

  event(): void {
    if (this.#events++ > 0) return
    this.#startedAt = performance.now()
    this.#cpu = process.cpuUsage()
  }

  finish(): Measured {
    const seconds = (performance.now() - this.#startedAt) / 1000
    const { user, system } = process.cpuUsage(this.#cpu)
    return {
      events: this.#events,
      eventsPerSecond: this.#events / seconds,
      cpuMicrosPerEvent: (user + system) / this.#events,
      rssMb: process.memoryUsage.rss() / MB,
      peakRssMb: process.resourceUsage().maxRSS / 1024,
    }
  }
}

/** What the bench tells a child, as JSON in its first argument. */
export type Task = { port: number; cert: string; channels: number }

export function readTask(): Task {
  return JSON.parse(process.argv[2] ?? '{}') as Task
}

export function report(measured: Measured): void {
  process.stdout.write(`${JSON.stringify(measured)}\n`)
}
