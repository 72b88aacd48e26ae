import type { HealthProblem } from '../messages/health.ts'
import type { Memory } from '../stats/memory.ts'
import { channelMetrics, MAX_TOP_CHANNELS } from './channel-metrics.ts'
import { type HealthFacts, healthJson, problemsOf } from './health.ts'
import { METRICS_TYPE, metricsText } from './metric.ts'
import { type ProgramState, programMetrics } from './program-metrics.ts'
import { type Answer, type Routes, text } from './server.ts'
import { trafficMetrics } from './traffic-metrics.ts'

/** What the routes ask of the rest of the program, at each request. */
export type HttpPorts = {
  now(): number
  memory: Memory
  health(): HealthFacts
  state(): Omit<ProgramState, 'unwell'>
}

/**
 * The pages for whoever watches the program. A source of metrics of its own is one more list in
 * `metricsPage`, and a metric one more line in one of the lists.
 */
export function routes(ports: HttpPorts): Routes {
  return {
    '/healthz': () => healthPage(ports),
    // That it is answered says it all: the process works, whatever is wrong around it.
    '/livez': () => text(200, 'ok'),
    '/metrics': (query) => metricsPage(ports, query),
  }
}

function healthPage(ports: HttpPorts): Answer {
  const now = ports.now()
  const problems = problemsOf(ports.health(), now)
  const body = healthJson(problems, { version: ports.state().version, now })
  return { status: problems.length === 0 ? 200 : 503, type: 'application/json', body }
}

async function metricsPage(ports: HttpPorts, query: URLSearchParams): Promise<Answer> {
  const count = Number(query.get('channels') ?? 0)
  if (!Number.isInteger(count) || count < 0 || count > MAX_TOP_CHANNELS) {
    return text(400, `channels must be a whole number from 0 to ${MAX_TOP_CHANNELS}`)
  }
  const { memory } = ports
  const now = ports.now()
  const metrics = [
    ...trafficMetrics(memory, now),
    ...channelMetrics(memory, count, now),
    ...programMetrics(
      { ...ports.state(), unwell: unwell(problemsOf(ports.health(), now)) },
      memory,
    ),
  ]
  return { status: 200, type: METRICS_TYPE, body: await metricsText(metrics) }
}

function unwell(problems: readonly HealthProblem[]): ReadonlySet<string> {
  return new Set(problems.map(({ part }) => part))
}
