import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { rowsOf } from '../../src/stats/demand-columns.ts'
import { Memory } from '../../src/stats/memory.ts'
import { collectDocuments, RESTORED_PREFIXES } from '../../src/stats/memory-documents.ts'
import { channelView, memoryStatus, nodeView } from '../../src/stats/memory-views.ts'
import { restoreMemory } from '../../src/stats/restore-memory.ts'
import { decode, encode } from '../../src/store/codec.ts'
import { channel, event, NOON } from '../support/events.ts'

const LIMITS = { maxChannels: 50, retentionDays: 400 }
const SCIDS: readonly Scid[] = ['800123x45x1', '810000x7x0', '820000x9x2', '16000000x0x6']

const scid = fc.option(fc.constantFrom(...SCIDS), { nil: undefined })
const events = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'forward',
      'forward',
      'settle',
      'forwardFail',
      'linkFail',
      'final',
      'unknown',
    ),
    role: fc.constantFrom('forward', 'forward', 'forward', 'send', 'receive', 'none', 'unknown'),
    incoming: scid,
    outgoing: scid,
    incomingHtlcId: fc.integer({ min: 0, max: 6 }),
    outgoingHtlcId: fc.integer({ min: 0, max: 6 }),
    incomingMsat: fc.integer({ min: 0, max: 10_000_000_000 }),
    outgoingMsat: fc.integer({ min: 0, max: 10_000_000_000 }),
    wireFailure: fc.integer({ min: 0, max: 30 }),
    failureDetail: fc.integer({ min: 0, max: 30 }),
    settled: fc.boolean(),
    at: fc.integer({ min: NOON - 600_000, max: NOON + 86_400_000 }),
  }),
  { maxLength: 60 },
)

describe(restoreMemory, () => {
  it('brings back every figure, and goes on as if it had never stopped', () => {
    fc.assert(
      fc.property(events, events, (before, after) => {
        const straight = fresh()
        record(straight, before as HtlcEvent[])
        const resumed = reopen(straight)
        expect(figures(resumed)).toEqual(figures(straight))
        expect(balancesOf(resumed)).toEqual(balancesOf(straight))
        // As after any start: LND lists its channels.
        for (const memory of [straight, resumed]) list(memory)
        record(straight, after as HtlcEvent[])
        record(resumed, after as HtlcEvent[])
        expect(figures(resumed)).toEqual(figures(straight))
      }),
      { numRuns: 150 },
    )
  })

  it('collects nothing when nothing changed', () => {
    const memory = fresh()
    collectDocuments(memory)
    expect(collectDocuments(memory)).toEqual([])
  })

  it('saves only what changed since the last time', () => {
    const memory = fresh()
    collectDocuments(memory)
    memory.record(event({ kind: 'linkFail', failureDetail: 6, wireFailure: 15 }), NOON)
    const keys = collectDocuments(memory).map(({ key }) => key)
    expect(keys.sort()).toEqual([
      'stats:book:2',
      'stats:demands:0',
      'stats:ends:0',
      'stats:meta',
      'stats:open:0',
      'stats:peers',
      'stats:run:-1',
      'stats:run:0',
      'stats:run:2',
    ])
  })
})

function fresh(): Memory {
  const memory = new Memory(LIMITS, NOON)
  memory.streamUp(NOON)
  list(memory)
  return memory
}

function list(memory: Memory): void {
  memory.updateChannels(
    [channel('800123x45x1'), channel('16000000x0x6', { aliases: ['830000x1x1'] })],
    NOON,
  )
}

function record(memory: Memory, all: readonly HtlcEvent[]): void {
  let now = NOON
  for (const each of all) {
    now = Math.max(now, each.at)
    memory.record(each, now)
  }
}

const saved = new WeakMap<Memory, Map<string, unknown>>()

/** As the store would: every document through its form on disk. */
function reopen(memory: Memory): Memory {
  const docs = saved.get(memory) ?? new Map<string, unknown>()
  for (const { key, value } of collectDocuments(memory)) {
    if (!RESTORED_PREFIXES.some((prefix) => key.startsWith(prefix))) continue
    if (value === undefined) docs.delete(key)
    else docs.set(key, decode(encode(key, value)))
  }
  const again = new Memory(LIMITS, NOON)
  for (const prefix of RESTORED_PREFIXES) {
    restoreMemory(again, prefix, new Map([...docs].filter(([key]) => key.startsWith(prefix))))
  }
  again.streamUp(NOON)
  return again
}

function figures(memory: Memory) {
  const now = NOON + 86_400_000
  const { gaps: _, ...status } = memoryStatus(memory, now)
  return {
    status,
    demands: demandsOf(memory),
    node: (['1h', '24h', '7d', '30d'] as const).map(
      (window) => nodeView(memory, window, now).forwards,
    ),
    channels: [...memory.book].map(({ scid }) => {
      const { span: __, ...view } = channelView(memory, scid, '24h', now) ?? { span: undefined }
      return JSON.parse(
        JSON.stringify(view, (___, each) => (typeof each === 'bigint' ? String(each) : each)),
      )
    }),
  }
}

function balancesOf(memory: Memory) {
  return [...memory.book].map(({ balances }) => [...balances])
}

function demandsOf({ demands }: Memory) {
  const { log, sessions } = demands
  const closed = Array.from({ length: log.size }, (_, i) => log.row(log.first + i) ?? [])
  const open = [...sessions].sort((a, b) => a.serial - b.serial).flatMap(rowsOf)
  // A search is recognised within half a minute, which no restart remembers.
  return [...closed, ...open].map((row) => ({ ...row, flags: 'flags' in row && row.flags & ~8 }))
}
