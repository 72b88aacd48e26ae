import { Counter, Gauge, Registry } from 'prom-client'

/** One value of a metric. */
export type Sample = { labels: Readonly<Record<string, string>>; value: number }

/** A metric as it stands at one moment. */
export type Metric = {
  kind: 'counter' | 'gauge'
  name: string
  help: string
  samples: readonly Sample[]
}

/** The value of a metric without labels, its samples, or undefined where there is nothing to say. */
type Values = number | readonly Sample[] | undefined

/** Returns a counter; its name ends in `_total`. */
export function counter(name: string, help: string, values: Values): Metric {
  return { kind: 'counter', name, help, samples: samplesOf(values) }
}

/** Returns a gauge. */
export function gauge(name: string, help: string, values: Values): Metric {
  return { kind: 'gauge', name, help, samples: samplesOf(values) }
}

/** Returns the samples of a metric by the values of its one label. */
export function by(label: string, values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }))
}

/** Returns metrics in the text format of Prometheus. Metrics without a sample are left out. */
export async function metricsText(metrics: readonly Metric[]): Promise<string> {
  const registry = new Registry()
  for (const metric of metrics) register(metric, registry)
  return registry.metrics()
}

/** The media type of `metricsText`. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE

function register({ kind, name, help, samples }: Metric, registry: Registry): void {
  const [first] = samples
  if (!first) return
  const labelNames = Object.keys(first.labels)
  const options = { name, help, labelNames, registers: [registry] }
  if (kind === 'gauge') {
    const metric = new Gauge(options)
    for (const { labels, value } of samples) metric.set(labels, value)
  } else {
    const metric = new Counter(options)
    // A sum of msat that is taken out of Float64s may fall short of 0 by less than one of them.
    for (const { labels, value } of samples) metric.inc(labels, Math.max(0, value))
  }
}

function samplesOf(values: Values): readonly Sample[] {
  if (values === undefined) return []
  return typeof values === 'number' ? [{ labels: {}, value: values }] : values
}
