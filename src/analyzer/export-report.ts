import type { Policy } from '../lightning/channel.ts'
import { failureClass } from '../lightning/failure.ts'
import { msatFromFloat } from '../lightning/msat.ts'
import {
  failureCodeOf,
  INCOMING,
  isRefusalGroup,
  OUTGOING,
  REFUSAL,
  SIDE,
  type Side,
} from '../stats/account.ts'
import { channelHistory, type HistoryRow } from '../stats/history.ts'
import type { Memory } from '../stats/memory.ts'
import { aliasOf } from '../stats/memory-views.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import { BUCKETS, type BucketName, bucketStart, WINDOW_COLUMNS } from '../stats/windows.ts'

/** The windows that can be exported, and the length of their buckets: hours are kept for 8 days. */
export const EXPORT_BUCKETS = {
  '24h': 'hour',
  '7d': 'hour',
  '30d': 'day',
} as const satisfies Record<string, BucketName>
export type ExportWindow = keyof typeof EXPORT_BUCKETS

export const EXPORT_TABLES = ['channels', 'forwards', 'refusals'] as const

/** The columns of each table, in order; those of policies are null where LND's graph has none. */
export const EXPORT_COLUMNS: Readonly<Record<(typeof EXPORT_TABLES)[number], readonly string[]>> = {
  channels: [
    ...['scid', 'alias', 'pubkey', 'channelPoint', 'closedAt', 'active', 'private'],
    ...['capacityMsat', 'localMsat', 'remoteMsat'],
    ...['ownFeePpm', 'ownBaseFeeMsat', 'ownMinHtlcMsat', 'ownMaxHtlcMsat', 'ownDisabled'],
    ...['peerFeePpm', 'peerBaseFeeMsat', 'peerMinHtlcMsat', 'peerMaxHtlcMsat', 'peerDisabled'],
  ],
  forwards: ['from', 'scid', 'side', 'settled', 'failedDownstream', 'volumeMsat', 'earnedMsat'],
  refusals: ['from', 'scid', 'side', 'class', 'attempts', 'offeredMsat', 'volumeMsat'],
}

/** One row of a table: amounts and ids are texts, what is not known is null. */
export type ExportRow = Readonly<Record<string, string | number | boolean | null>>

/** What the memory knows, as tables; times are ISO 8601 UTC, amounts msat in decimal. */
export type ExportReport = {
  window: { from: string; to: string; coveredSeconds: number; bucketSeconds: number }
  /** As LND last listed them. */
  channels: readonly ExportRow[]
  /** By bucket, channel and side, the buckets that have any. */
  forwards: readonly ExportRow[]
  /** By bucket, channel, side and class. */
  refusals: readonly ExportRow[]
}

const SIDES = [OUTGOING, INCOMING] as const
const NAMES = { [OUTGOING]: 'outgoing', [INCOMING]: 'incoming' } as const

/** Makes the report of a window that ends now; `closed` are the documents of its closed buckets. */
export function exportReport(
  memory: Memory,
  window: ExportWindow,
  closed: ReadonlyMap<string, unknown>,
  now: number,
): ExportReport {
  const bucket = EXPORT_BUCKETS[window]
  const bucketMs = BUCKETS.find(({ name }) => name === bucket)?.ms ?? 0
  const from = bucketStart(now - WINDOW_COLUMNS[window].ms, bucketMs)
  const history = channelHistory(memory, bucket, closed, from)
  return {
    window: {
      from: iso(from),
      to: iso(now),
      coveredSeconds: memory.coverage.coveredMs(from, now) / 1000,
      bucketSeconds: bucketMs / 1000,
    },
    channels: [...memory.book].map(channelRow),
    forwards: history.flatMap((row) =>
      SIDES.filter((side) => row.group === side).map((side) => forwardRow(row, side)),
    ),
    refusals: history.flatMap((row) =>
      SIDES.filter((side) => isRefusalGroup(row.group, side)).map((side) => refusalRow(row, side)),
    ),
  }
}

function channelRow(own: OwnChannel): ExportRow {
  const { channel, policies, closedAt } = own
  return {
    scid: own.scid,
    alias: aliasOf(own),
    pubkey: channel?.peer.pubkey ?? null,
    channelPoint: channel?.channelPoint ?? null,
    closedAt: closedAt === undefined ? null : iso(closedAt),
    active: channel?.active ?? null,
    private: channel?.private ?? null,
    capacityMsat: text(channel?.capacityMsat),
    localMsat: text(channel?.localMsat),
    remoteMsat: text(channel?.remoteMsat),
    ...policyCells('own', policies?.own),
    ...policyCells('peer', policies?.peer),
  }
}

function policyCells(whose: 'own' | 'peer', policy: Policy | undefined): ExportRow {
  return {
    [`${whose}FeePpm`]: policy?.feeRatePpm ?? null,
    [`${whose}BaseFeeMsat`]: text(policy?.baseFeeMsat),
    [`${whose}MinHtlcMsat`]: text(policy?.minHtlcMsat),
    [`${whose}MaxHtlcMsat`]: text(policy?.maxHtlcMsat),
    [`${whose}Disabled`]: policy?.disabled ?? null,
  }
}

function forwardRow({ start, scid, cells }: HistoryRow, side: Side): ExportRow {
  return {
    from: iso(start),
    scid,
    side: NAMES[side],
    settled: cells[SIDE.settled] ?? 0,
    failedDownstream: cells[SIDE.failed] ?? 0,
    volumeMsat: msat(cells[SIDE.volume]),
    earnedMsat: msat(cells[SIDE.earned]),
  }
}

function refusalRow({ start, scid, group, cells }: HistoryRow, side: Side): ExportRow {
  return {
    from: iso(start),
    scid,
    side: NAMES[side],
    class: failureClass(failureCodeOf(group)),
    attempts: cells[REFUSAL.attempts] ?? 0,
    offeredMsat: msat(cells[REFUSAL.offered]),
    volumeMsat: msat(cells[REFUSAL.volume]),
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function msat(float: number | undefined): string {
  return String(msatFromFloat(float ?? 0))
}

function text(amount: bigint | undefined): string | null {
  return amount === undefined ? null : String(amount)
}
