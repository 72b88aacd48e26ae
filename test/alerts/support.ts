import type { Alert } from '../../src/alerts/alert.ts'
import { keyOf } from '../../src/alerts/alert.ts'
import { AlertBook } from '../../src/alerts/book.ts'
import { type AlertRule, MINUTE_MS } from '../../src/alerts/kind.ts'
import { KINDS } from '../../src/alerts/kinds.ts'
import type {
  AlertKind,
  Level,
  Reading,
  ReadingFacts,
  Severity,
  SpikeFacts,
  Subject,
} from '../../src/analyzer/reading.ts'
import type { Scid } from '../../src/lightning/scid.ts'

/** Saturday 21 November 2026, 13:00 UTC. */
export const NOW = Date.parse('2026-11-21T13:00:00Z')

export function channel(n: number): Subject {
  return `channel:${800_000 + n}x1x0`
}

/** The rules without a detector: it waits for half an hour of calm, which here the rules do. */
export const RULES: readonly AlertRule[] = KINDS.map((rule) =>
  rule.kind.startsWith('spike.') ? { ...rule, calmMs: 30 * MINUTE_MS } : rule,
)

/** Channels 1 … 9 belong to peer 0, 10 … 19 to peer 1 and so on. */
export function peerOf(scid: Scid): string {
  return `peer${Math.floor((Number(scid.split('x')[0]) - 800_000) / 10)}`
}

export function spike(facts: Partial<SpikeFacts> = {}): SpikeFacts {
  return {
    kind: 'spike',
    windowMs: 15 * MINUTE_MS,
    failed: 47,
    expected: 6,
    attempts: 312,
    mainFailure: 'INSUFFICIENT_BALANCE',
    mainShare: 0.94,
    worstInDays: 34,
    sensitivity: 'low',
    hotSince: NOW,
    under: undefined,
    isNewLevel: false,
    ...facts,
  }
}

const FACTS: Readonly<Record<string, ReadingFacts>> = {
  spike: spike(),
  revenue: {
    kind: 'revenue',
    missed: { expectedMsat: 2_000_000n, lowMsat: 900_000n, highMsat: 3_100_000n },
    usualMsat: 500_000n,
    earnedMsat: 800_000n,
  },
  liq: {
    kind: 'liquidity',
    localMsat: 40_000_000n,
    capacityMsat: 5_000_000_000n,
    emptyInMs: 40 * MINUTE_MS,
    refusedDemands: 9,
  },
  peer: {
    kind: 'peer-offline',
    since: NOW,
    channels: 2,
    capacityMsat: 7_000_000_000n,
    demands: 3,
  },
  lnd: { kind: 'lnd', since: NOW, state: 'unreachable' },
  bot: { kind: 'delivery', oldestUnsentAt: NOW, deadChats: 1 },
}

type ReadingParts = { level?: Level; severity?: Severity; facts?: ReadingFacts }

/** A reading of a condition, met unless said otherwise. */
export function reading(kind: AlertKind, subject: Subject, parts: ReadingParts = {}): Reading {
  const rule = KINDS.find((one) => one.kind === kind)
  const facts = FACTS[kind.split('.')[0] ?? ''] ?? spike()
  return { kind, subject, severity: rule?.severity ?? 'warn', level: 'fire', facts, ...parts }
}

/** What a detector says once it takes what lasted for the usual. */
export function settled(kind: AlertKind, subject: Subject): Reading {
  return reading(kind, subject, { level: 'calm', facts: spike({ isNewLevel: true }) })
}

/** A book and the world that it looks at, minute by minute. */
export class WatchedBook {
  readonly book = new AlertBook(RULES, peerOf)
  readonly world = new Map<string, Reading>()
  blind = new Set<AlertKind>()
  now = NOW

  set(...readings: readonly Reading[]): this {
    for (const one of readings) this.world.set(keyOf(one), one)
    return this
  }

  clear(kind: AlertKind, subject: Subject): this {
    this.world.delete(keyOf({ kind, subject }))
    return this
  }

  /** Looks once a minute, and lets time pass between. */
  minutes(count: number): this {
    for (let i = 0; i < count; i++) {
      const readings = [...this.world.values()]
      this.book.observe({ now: this.now, elapsedMs: 30_000, readings, blindKinds: this.blind })
      this.now += 30_000
      this.book.pass(this.now, 30_000)
      this.now += 30_000
    }
    return this
  }

  firing(): readonly Alert[] {
    return [...this.book.all()].filter(({ state }) => state === 'firing')
  }

  sole(): Alert {
    const [alert, ...others] = this.book.all()
    if (alert === undefined || others.length > 0) throw new Error('not one alert')
    return alert
  }
}
