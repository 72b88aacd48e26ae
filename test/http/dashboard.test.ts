import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { promtool } from './promtool.ts'
import { ports, served } from './support.ts'

const FILE = new URL('../../deploy/grafana/missed-sats.json', import.meta.url)

type Panel = { id: number; title: string; targets?: { expr: string }[] }
const board = JSON.parse(readFileSync(FILE, 'utf8')) as {
  panels: Panel[]
  templating: { list: { query: unknown }[] }
}

/** The metrics that are served, each with the labels that it has. */
async function servedMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  await using server = await served(ports())
  const page = await (await server.ask('/metrics?channels=20')).text()
  const metrics = new Map<string, Set<string>>()
  for (const [, name = '', labels = ''] of page.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
    const known = metrics.get(name) ?? new Set()
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label)
    metrics.set(name, known)
  }
  return metrics
}

const queries = board.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr })),
)

describe('the dashboard for Grafana', () => {
  it('asks for metrics that are served, all of them', async () => {
    const metrics = await servedMetrics()
    const asked = queries.flatMap(({ expr }) =>
      [...expr.matchAll(/\b((?:missed_sats|process|nodejs)_\w+)/g)].map(([, name = '']) => name),
    )
    expect(asked.length).toBeGreaterThan(20)
    expect(asked.filter((name) => !metrics.has(name))).toEqual([])
    const variables = JSON.stringify(board.templating.list)
    expect(metrics.has(/label_values\((\w+),/.exec(variables)?.[1] ?? '')).toBe(true)
  })

  it('groups and names series by labels that the metrics have', async () => {
    const metrics = await servedMetrics()
    const wrong = queries.flatMap(({ title, expr }) => {
      const names = [...expr.matchAll(/\b(missed_sats_\w+)/g)].map(([, name = '']) => name)
      const labels = [...expr.matchAll(/\bby \((\w+)\)/g)].map(([, label = '']) => label)
      // What Prometheus itself adds to each series.
      const own = labels.filter((label) => label !== 'instance')
      const isKnown = (label: string) => names.some((name) => metrics.get(name)?.has(label))
      return own.filter((label) => !isKnown(label)).map((label) => `${title}: ${label}`)
    })
    expect(wrong).toEqual([])
  })

  it("asks in queries that Prometheus's own parser takes", async ({ skip }) => {
    await using folder = await temporaryFolder()
    const rules = queries.map(({ expr }, i) => ({
      record: `panel:query:${i}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.+'),
    }))
    const file = `${folder.path}/rules.yml`
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }))
    const { code, err } = await promtool(['check', 'rules', file], '', skip)
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  it('numbers its panels, each once', () => {
    const ids = board.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
