import type { Clock } from '../clock.ts'
import { heapTrimmer } from '../heap.ts'
import type { Job } from '../jobs/jobs.ts'
import type { LndManage } from '../lnd-manage/lnd-manage.ts'
import type { Log } from '../log.ts'
import type { Memory } from '../stats/memory.ts'
import type { Store } from '../store/open-store.ts'
import type { Watched } from './watched.ts'

/** What the jobs are done on. */
export type JobParts = Pick<Watched, 'memory' | 'analyst' | 'monitor' | 'clock'> & {
  store: Store
  size: StoreSize
  lndManage: LndManage | undefined
  digest: Job
  ping(): Promise<void> | void
  log: Log
}

/** The size of the store as it was last measured, and measuring it anew. */
export type StoreSize = { bytes(): number; measure(): Promise<void> }

/** Returns the size of the store, which takes a look at the disk, as it was last measured. */
export async function measureSize(store: Store): Promise<StoreSize> {
  let bytes = await store.sizeBytes()
  return {
    bytes: () => bytes,
    async measure() {
      bytes = await store.sizeBytes()
    },
  }
}

/** Returns all that happens by the clock: a row each, in UTC. */
export function jobsOf(parts: JobParts): Job[] {
  const { memory, analyst, monitor, clock, store, size, lndManage, digest, ping, log } = parts
  const events = () => memory.eventCount
  const trimHeap = heapTrimmer(events, clock.monotonic)
  return [
    { name: 'list channels', when: '* * * * *', run: () => monitor.refreshChannels() },
    { name: 'read policies', when: '17 */6 * * *', run: () => monitor.refreshPolicies() },
    { name: 'keep the heap small', when: '*/5 * * * * *', run: trimHeap },
    { name: 'analyse', when: '7 * * * *', run: () => analyst.analyse() },
    { name: 'heartbeat', when: '*/30 * * * * *', run: () => memory.heartbeat(clock.now()) },
    { name: 'forget closed channels', when: '23 * * * *', run: cleanerOf(memory, clock, log) },
    { name: 'measure the store', when: '* * * * *', run: size.measure },
    { name: 'give space back', when: '41 * * * *', run: () => store.giveBack() },
    { name: 'ping', when: '* * * * *', run: ping },
    digest,
    ...(lndManage ? [costsJobOf(memory, lndManage)] : []),
  ]
}

/** Starts it without waiting: with many channels it takes minutes, and must not delay the end. */
function costsJobOf(memory: Memory, lndManage: LndManage): Job {
  const open = () => [...memory.book].filter(({ closedAt }) => closedAt === undefined)
  return {
    name: 'read what rebalancing cost',
    when: '40 * * * * *',
    run: () => void lndManage.readRebalanceCosts(open().map(({ scid }) => scid)),
  }
}

function cleanerOf(memory: Memory, clock: Clock, log: Log): () => void {
  let known = memory.book.evicted
  return () => {
    const removed = memory.book.cleanUp(clock.now())
    const { evicted, capacity } = memory.book
    if (removed > 0) log.info({ removed }, 'removed channels closed more than 90 days ago')
    if (evicted > known)
      log.warn({ evicted: evicted - known, capacity }, 'evicted channels: MAX_CHANNELS is reached')
    known = evicted
  }
}
