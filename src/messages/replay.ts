import { LEAST_COVERED_MS } from '../analyzer/case.ts'
import type { ChannelReport, MissedReport, ReplayReport } from '../analyzer/replay-report.ts'

const SHOWN_CHANNELS = 10
const SHOWN_ALERTS = 20
const MSAT_PER_SAT = 1000
const HOUR_S = 3600
const LEAST_COVERED_S = LEAST_COVERED_MS / 1000

/** Returns what `replay` prints for a person: the stream's own figures and the channels asked most. */
export function replayText(report: ReplayReport): string {
  return [
    windowLine(report),
    '',
    ...forwardLines(report),
    '',
    ...refusedLines(report),
    ...channelLines(report.channels),
    ...alertLines(report),
    '',
    ownLine(report),
    droppedLine(report),
  ].join('\n')
}

function windowLine({ window }: ReplayReport): string {
  if (window.from === null || window.to === null) return 'No event with a time in this recording.'
  const observed = `${(window.coveredSeconds / HOUR_S).toFixed(1)} h observed`
  return `From ${window.from} to ${window.to} (${observed})`
}

function forwardLines({ forwards }: ReplayReport): string[] {
  const { offered, settled, failed, pending } = forwards
  return [
    `Forwards  ${count(offered)} offered: ${count(settled)} settled, ${count(failed)} failed downstream, ${count(pending)} in flight`,
    `Earned    ${sat(forwards.earnedMsat)} on ${sat(forwards.volumeMsat)}`,
  ]
}

function refusedLines({ window, refused, missedMsat }: ReplayReport): string[] {
  const isShort = window.coveredSeconds < LEAST_COVERED_S
  const classes = Object.entries(refused.byClass).map(
    ([name, { attempts, demands, offeredMsat }]) =>
      `  ${name.padEnd(28)} ${count(attempts).padStart(6)} in ${count(demands)}   ${sat(offeredMsat)} offered`,
  )
  return [
    `Refused   ${count(refused.attempts)} attempts in ${count(refused.demands)} distinct demands`,
    `          ${sat(refused.offeredMsat)} of fees offered, retries and probes included: never what was missed`,
    `Missed    ${missed(missedMsat)} for lack of balance`,
    '          (expected, and the 80 % range; over all peers, who compete for the same inflow)',
    ...(isShort
      ? [`          (too short a recording for advice, which takes ${LEAST_COVERED_S / HOUR_S} h)`]
      : []),
    ...classes,
    ...(classes.length > 1 ? ['  (a demand refused for two reasons stands under both)'] : []),
  ]
}

function channelLines(channels: readonly ChannelReport[]): string[] {
  const asked = channels.filter(({ refused }) => refused.attempts > 0)
  if (asked.length === 0) return []
  const rows = asked.slice(0, SHOWN_CHANNELS).map(({ scid, alias, refused, outgoing, ...one }) => {
    const name = alias === null ? scid : `${alias} ${scid}`
    return `  ${name}: missed ${missed(one.missedMsat)}; ${demandsOf(refused.demands)} refused, ${count(outgoing.settled)} settled`
  })
  const more = asked.length - rows.length
  return [
    '',
    'Channels asked for and refused',
    ...rows,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

function alertLines({ alerts, channels }: ReplayReport): string[] {
  if (alerts.length === 0) return ['', 'Alerts    none would have rung']
  const aliases = new Map(channels.map(({ scid, alias }) => [`channel:${scid}`, alias]))
  const rows = alerts.slice(0, SHOWN_ALERTS).map((one) => {
    const alias = aliases.get(one.subject)
    const end = one.resolvedAt === null ? 'still on at the end' : `over ${one.resolvedAt}`
    const name = alias ? `${alias} ${one.subject}` : one.subject
    return `  ${one.firedAt}  ${one.severity.padEnd(6)} ${one.kind.padEnd(16)} ${name}; ${end}`
  })
  const more = alerts.length - rows.length
  return [
    '',
    'Alerts that would have rung (warn, crit) or gone to the digest',
    ...rows,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

function ownLine({ own }: ReplayReport): string {
  return `Our own   ${count(own.sent)} sent, ${count(own.sendFailed)} failed; ${count(own.received)} received, ${count(own.receiveRefused)} refused`
}

function droppedLine({ dropped }: ReplayReport): string {
  const { finals, replays, unmatched, foreign, unknown, badLines } = dropped
  return `Dropped   ${finals} final events, ${replays} replays, ${unmatched} unmatched, ${foreign} for foreign ids, ${unknown} unknown, ${badLines} bad lines`
}

function missed({ expected, low, high }: MissedReport): string {
  return `about ${wholeSat(expected)} sat (${wholeSat(low)} to ${wholeSat(high)})`
}

function demandsOf(n: number): string {
  return n === 1 ? '1 demand' : `${count(n)} demands`
}

function wholeSat(msat: string): string {
  return count(Math.round(Number(BigInt(msat)) / MSAT_PER_SAT))
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function sat(msat: string): string {
  const value = Number(BigInt(msat)) / MSAT_PER_SAT
  return `${value.toLocaleString('en-US', { maximumFractionDigits: 3 })} sat`
}
