import { failureClass } from '../lightning/failure.ts'
import type { Scid } from '../lightning/scid.ts'
import { FLAGS } from '../stats/demand-columns.ts'
import type { Memory } from '../stats/memory.ts'
import { aliasOf } from '../stats/memory-views.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import type { Window } from '../stats/views.ts'
import type { Analysis, WindowAnalysis } from './analysis.ts'
import type {
  DemandPage,
  DemandQuestion,
  DemandView,
  Explanation,
  NewestDemands,
  NodeSummary,
  Opportunities,
} from './answers.ts'
import { demandsIn, explain } from './explain.ts'
import { NOTHING, toMsat } from './gain.ts'
import { demandsOf } from './listing.ts'
import type { WindowDemand } from './views.ts'

/** Returns what an analysis says of all channels over a window. */
export function opportunitiesView(
  { at, windows }: Analysis,
  window: Window,
): Opportunities | undefined {
  const found = windows.get(window)
  if (!found) return undefined
  return { at, span: found.span, rows: found.opportunities, node: nodeSummary(found) }
}

/** Returns a page of the demands of a channel, the latest first. */
export function demandPage(
  memory: Memory,
  { at, windows }: Analysis,
  { scid, window, offset, limit }: DemandQuestion,
): DemandPage | undefined {
  const found = windows.get(window)
  if (!found) return undefined
  const all = demandsOfChannel(memory, found, scid).toReversed()
  const owns = bySerial(memory)
  const rows = all.slice(offset, offset + limit).map((one) => demandView(memory, owns, one))
  return { at, span: found.span, total: all.length, rows }
}

/** Returns the newest demands of all channels, at most so many: a large log has 250,000. */
export function newestDemands(
  memory: Memory,
  { windows }: Analysis,
  window: Window,
  most: number,
): NewestDemands | undefined {
  const found = windows.get(window)
  if (!found) return undefined
  const owns = bySerial(memory)
  const all = [...found.estimate.demands].flatMap(([serial, demands]) => {
    const own = owns.get(serial)
    return own ? demands.map((one) => ({ own, one })) : []
  })
  all.sort((a, b) => b.one.demand.at - a.one.demand.at)
  const rows = all.slice(0, most).map(({ own, one }) => {
    const { scid } = own
    return { ...demandView(memory, owns, one), scid, alias: aliasOf(own) }
  })
  return { total: all.length, rows }
}

/** Returns one demand of a channel by its id, or undefined when it is not remembered any more. */
export function oneDemand(
  memory: Memory,
  { windows }: Analysis,
  { scid, window, id }: { scid: Scid; window: Window; id: number },
): DemandView | undefined {
  const found = windows.get(window)
  if (!found) return undefined
  const one = demandsOfChannel(memory, found, scid).find(({ demand }) => demand.id === id)
  return one && demandView(memory, bySerial(memory), one)
}

/** Walks through the figure of a channel, or of the node. */
export function explanationOf(
  memory: Memory,
  { at, windows }: Analysis,
  scid: Scid | undefined,
  window: Window,
): Explanation | undefined {
  const found = windows.get(window)
  if (!found) return undefined
  const about = { at, span: found.span }
  if (scid === undefined) {
    return explain(about, demandsIn(found), found.estimate.node, found.confidence)
  }
  const opportunity = found.opportunities.find((one) => one.scid === scid)
  if (!opportunity) return undefined
  const { missed, confidence } = opportunity
  return explain(about, demandsOfChannel(memory, found, scid), missed.liquidity, confidence)
}

function nodeSummary({ opportunities, node, confidence }: WindowAnalysis): NodeSummary {
  return {
    ...node,
    confidence,
    refusedAttempts: opportunities.reduce((sum, one) => sum + one.refusedAttempts, 0),
    demands: opportunities.reduce((sum, { missed }) => sum + demandsOf(missed), 0),
  }
}

function demandsOfChannel(
  memory: Memory,
  found: WindowAnalysis,
  scid: Scid,
): readonly WindowDemand[] {
  const own = memory.book.get(scid)
  return own ? demandsIn(found, own.serial) : []
}

function bySerial({ book }: Memory): ReadonlyMap<number, OwnChannel> {
  return new Map(Array.from(book, (own) => [own.serial, own]))
}

function demandView(
  memory: Memory,
  owns: ReadonlyMap<number, OwnChannel>,
  { demand, inflow, expectedMsat }: WindowDemand,
): DemandView {
  const { id, at, lastAt, kind, attempts, isLiquidity, servedShare, chance } = demand
  const from = owns.get(demand.from)
  const leftOut = leftOutNow(memory, demand)
  return {
    id,
    at,
    lastAt,
    kind,
    attempts,
    isLiquidity,
    servedShare,
    chance,
    inflow,
    from: from && { scid: from.scid, alias: aliasOf(from) },
    failure: failureClass(demand.failureCode),
    wantedMsat: toMsat(demand.wantedMsat),
    feeMsat: toMsat(demand.feeMsat),
    expectedMsat: leftOut === undefined ? toMsat(expectedMsat) : NOTHING.expectedMsat,
    leftOut,
  }
}

/** What an operator said since the analysis counts at once. */
function leftOutNow({ demands }: Memory, { id, leftOut }: WindowDemand['demand']) {
  const row = id === undefined ? undefined : demands.log.row(id)
  if (row && (row.flags & FLAGS.ignored) !== 0) return 'ignored'
  return leftOut === 'ignored' ? undefined : leftOut
}
