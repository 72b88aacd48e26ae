import type { Managed, ManagedReport, Rebalances } from '../lightning/managed-channel.ts'
import { rebalanceCostPpm } from '../lightning/managed-channel.ts'
import { count, counted, ppm, sat, satNumber, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'
import { quoted } from './names.ts'
import { isPrivate } from './reader.ts'

// Its warnings are sentences of some 60 characters, rarely more than two on a channel.
const SHOWN_WARNINGS = 3
const WARNING_CHARACTERS = 160

/** What lnd-manage adds to a channel; undefined when it adds nothing. */
export function managedBlock(managed: Managed | undefined): Html | undefined {
  const channel = managed?.channel ? linesOf(managed.channel) : []
  // A peer with one channel has the same figures: only what differs is said.
  const known = new Set(channel.map(({ markup }) => markup))
  const all = managed?.peer ? linesOf(managed.peer) : []
  const peer = all.filter(({ markup }) => !known.has(markup))
  if (channel.length === 0 && peer.length === 0) return undefined
  return join([
    html`<b>By lnd-manage</b>, amounts of all time`,
    ...channel,
    peer.length > 0 ? html`The peer with all its channels:` : undefined,
    ...peer,
  ])
}

function linesOf(report: ManagedReport): readonly Html[] {
  const lines = [
    report.rating === undefined ? undefined : html`rating ${count(report.rating)}`,
    ...warningLines(report.warnings),
    feeLine(report),
    flowLine(report),
    ...(report.rebalances ? rebalanceLines(report.rebalances) : []),
    onChainLine(report),
  ]
  return lines.filter((line) => line !== undefined)
}

function warningLines(warnings: readonly string[]): readonly Html[] {
  // Its sentences name peers and amounts as they are.
  if (isPrivate()) return warnings.length > 0 ? [html`${counted(warnings.length, 'warning')}`] : []
  const shown = warnings.slice(0, SHOWN_WARNINGS)
  const lines = shown.map((warning) => html`⚠️ ${quoted(warning, WARNING_CHARACTERS)}`)
  const rest = warnings.length - shown.length
  return rest > 0 ? [...lines, html`and ${count(rest)} more of its warnings`] : lines
}

function feeLine({ fees }: ManagedReport): Html | undefined {
  if (fees === undefined || (fees.earnedMsat === 0n && fees.sourcedMsat === 0n)) return undefined
  return html`earned ${sat(fees.earnedMsat)}; what came in here earned ${satNumber(fees.sourcedMsat)} elsewhere`
}

function flowLine({ flow }: ManagedReport): Html | undefined {
  if (flow === undefined) return undefined
  const { forwardedOutMsat, forwardedInMsat, receivedMsat } = flow
  const parts = [
    forwardedOutMsat > 0n ? html`${shortSat(forwardedOutMsat)} forwarded out` : undefined,
    forwardedInMsat > 0n ? html`${shortSat(forwardedInMsat)} in` : undefined,
    receivedMsat > 0n ? html`${shortSat(receivedMsat)} paid to us` : undefined,
  ]
  return parts.some(Boolean) ? join(parts, ', ') : undefined
}

function rebalanceLines({ inMsat, inCostMsat, outMsat, outCostMsat }: Rebalances): readonly Html[] {
  return [
    ...(inMsat > 0n
      ? [html`refilled by ${shortSat(inMsat)} for ${costOf(inMsat, inCostMsat)}`]
      : []),
    ...(outMsat > 0n
      ? [html`refilled others by ${shortSat(outMsat)} for ${costOf(outMsat, outCostMsat)}`]
      : []),
  ]
}

function costOf(amountMsat: bigint, costMsat: bigint): string {
  const rate = rebalanceCostPpm(amountMsat, costMsat)
  return rate === undefined ? sat(costMsat) : `${sat(costMsat)} (${ppm(rate)})`
}

function onChainLine({ onChain }: ManagedReport): Html | undefined {
  if (onChain === undefined) return undefined
  const { openMsat, closeMsat, sweepMsat } = onChain
  const parts = [
    openMsat > 0n ? html`${sat(openMsat)} to open` : undefined,
    closeMsat > 0n ? html`${sat(closeMsat)} to close` : undefined,
    sweepMsat > 0n ? html`${sat(sweepMsat)} to sweep` : undefined,
  ]
  return parts.some(Boolean) ? html`on-chain fees: ${join(parts, ', ')}` : undefined
}
