import type { PastTraffic } from '../jobs/reporter.ts'
import { partPrefix, partStart } from '../stats/closed-parts.ts'
import type { Memory } from '../stats/memory.ts'
import {
  type BucketRange,
  bucketsBefore,
  isBeingFilled,
  isTrafficKnown,
  trafficIn,
} from '../stats/node-traffic.ts'
import type { Row } from '../stats/rows.ts'
import type { Store } from '../store/open-store.ts'

type MemberReader = Pick<Store, 'readMember'>

/** Reads what the node forwarded in closed buckets; `save` writes those that are not on disk yet. */
export function pastTraffic(
  memory: Memory,
  store: MemberReader,
  save: () => Promise<void>,
): PastTraffic {
  return {
    async before(window, to) {
      const ranges = bucketsBefore(window, to)
      const from = ranges[0]?.from ?? to
      if (!isTrafficKnown(memory, from, to)) return undefined
      await save()
      const rows: Row[] = []
      for (const range of ranges) rows.push(...(await readRows(store, range, memory.node.name)))
      return trafficIn(from, to, rows)
    },
    isBeingFilled: (from, to) => isBeingFilled(memory, from, to),
  }
}

async function readRows(
  store: MemberReader,
  { bucket, from, to }: BucketRange,
  member: string,
): Promise<readonly Row[]> {
  const question = { prefix: partPrefix(bucket), from: partPrefix(bucket, from), member }
  const found = [...(await store.readMember(question))]
  return found.flatMap(([key, rows]) => (partStart(key) < to ? (rows as Row[]) : []))
}
