import type { Memory } from '../stats/memory.ts'
import { isBeingFilled, isTrafficKnown, spanBefore, trafficIn } from '../stats/node-traffic.ts'
import type { PastTraffic } from './reporter.ts'

/** Reads what the node forwarded in closed buckets; `save` writes those that are not on disk yet. */
export function pastTraffic(
  memory: Memory,
  documents: { readAll(prefix: string): Promise<ReadonlyMap<string, unknown>> },
  save: () => Promise<void>,
): PastTraffic {
  return {
    async before(window, to) {
      const span = spanBefore(window, to)
      if (!isTrafficKnown(memory, span.from, span.to)) return undefined
      await save()
      const parts: unknown[] = []
      for (const prefix of span.prefixes) parts.push(...(await documents.readAll(prefix)).values())
      return trafficIn(span, parts)
    },
    isBeingFilled: (from, to) => isBeingFilled(memory, from, to),
  }
}
