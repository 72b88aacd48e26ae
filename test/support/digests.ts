import type { Digest } from '../../src/analyzer/digest.ts'
import type { Opportunity } from '../../src/analyzer/views.ts'
import { FakeAnalyzer, missed } from './fake-analyzer.ts'
import { AWKWARD_CHANNELS } from './fake-memory.ts'

const HOUR = 3_600_000

/** A day as a busy node has it, up to `now` (epoch ms). */
export function digestOfDay(now: number, change: Partial<Digest> = {}): Digest {
  const from = now - 24 * HOUR
  const rows = new FakeAnalyzer(AWKWARD_CHANNELS, now).opportunities('7d')?.rows ?? []
  return {
    period: 'day',
    at: now,
    span: { from, to: now, coveredMs: 24 * HOUR },
    traffic: {
      from,
      to: now,
      settled: 312,
      volumeMsat: 48_200_000_000n,
      earnedMsat: 6_204_000n,
    },
    before: {
      from: from - 24 * HOUR,
      to: from,
      settled: 301,
      volumeMsat: 51_000_000_000n,
      earnedMsat: 5_744_000n,
    },
    series: undefined,
    lastDay: undefined,
    refused: { attempts: 212, demands: 57, missed: missed(480, 210, 900), at: now },
    top: [
      {
        scid: '800123x45x1',
        alias: 'alice',
        missed: missed(210, 90, 400),
        demands: 23,
        failure: 'INSUFFICIENT_BALANCE',
      },
      {
        scid: '790001x12x0',
        alias: 'bob',
        missed: missed(110, 38, 230),
        demands: 8,
        failure: 'HTLC_EXCEEDS_MAX',
      },
      {
        scid: '811222x3x1',
        alias: 'carol',
        missed: missed(60, 12, 150),
        demands: 7,
        failure: 'UNKNOWN_NEXT_PEER',
      },
    ],
    actions: [rows[0], rows[6], rows[2]].filter((row): row is Opportunity => row !== undefined),
    emptying: [],
    blindMs: 0,
    listeningSince: undefined,
    isFilling: false,
    ...change,
  }
}
