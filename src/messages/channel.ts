import { receivableMsat, spendableMsat } from '../lightning/channel.ts'
import type { Managed } from '../lightning/managed-channel.ts'
import { ppmOf } from '../lightning/msat.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { Scid } from '../lightning/scid.ts'
import type { ChannelView, RecentRefusal, Refused, SideView } from '../stats/views.ts'
import { WINDOWS } from '../stats/views.ts'
import { policyBlock } from './channel-policy.ts'
import { failureBlock, failureText } from './failures.ts'
import {
  atMost,
  count,
  counted,
  duration,
  feesOf,
  localDate,
  localTime,
  percent,
  ppm,
  type Reading,
  sat,
  satNumber,
  shortNumber,
  shortSat,
} from './format.ts'
import { type Html, html, join } from './html.ts'
import { blindLine } from './lnd-states.ts'
import { managedBlock } from './managed.ts'
import { button, choice, type Message } from './message.ts'
import { channelName } from './names.ts'
import { paginate } from './paginate.ts'
import { observedWithin, spanLine, WINDOW_WORDS } from './span.ts'

/** What /channel shows: the channel, its window's name and the names of other channels. */
export type ChannelData = {
  view: ChannelView
  window: (typeof WINDOWS)[number]
  lnd: LndStatus
  /** What lnd-manage says of it, where there is one. */
  managed?: Managed | undefined
  /** The peer's alias of a channel of ours; empty when unknown. */
  aliasOf(scid: Scid): string
}

// More classes than that on one channel are rare, and each takes six lines.
const SHOWN_CLASSES = 5

/** One channel whole, most often a single message. */
export function channelMessages(data: ChannelData, reading: Reading): readonly Message[] {
  const { view, window } = data
  const blocks = [
    headBlock(data, reading),
    balanceBlock(view),
    policyBlock(view.policies),
    outBlock(view.outgoing),
    inBlock(view.incoming),
    ...refusalBlocks(view.outgoing.refused),
    recentBlock(data, reading),
    managedBlock(data.managed),
    join([spanLine(view.span, 'both', reading), blindLine(data.lnd, reading)]),
  ]
  const buttons = [
    WINDOWS.map((name) => choice(name, name === window, 'channel', view.scid, name)),
    [button('‹ all channels', 'top', window)],
  ]
  return paginate(
    blocks.filter((block) => block !== undefined),
    buttons,
  )
}

function headBlock({ view, window }: ChannelData, reading: Reading): Html {
  const { attempts, offeredMsat } = total(view.outgoing.refused)
  const name = channelName(view.alias, view.scid)
  const within = attempts > 0 ? observedWithin(window, view.span) : WINDOW_WORDS[window]
  const fact =
    attempts > 0
      ? `${count(attempts)} refused, ${feesOf(offeredMsat)}`
      : `earned ${sat(view.outgoing.earnedMsat)}, nothing refused`
  const peer = view.pubkey === undefined ? undefined : html`peer <code>${view.pubkey}</code>`
  return join([
    html`<b>${name}: ${fact} in ${within}</b>`,
    attempts > 0 ? html`≤ is an upper bound: mostly retries and probes` : undefined,
    html`${stateOf(view, reading)} <code>${view.scid}</code>`,
    peer,
  ])
}

function stateOf({ channel, closedAt }: ChannelView, reading: Reading): string {
  if (closedAt !== undefined) return `⚫ closed, ${localDate(closedAt, reading)}`
  if (channel === undefined) return '⚪ not listed by LND now'
  const kind = channel.private ? ', private' : ''
  return `${channel.active ? '🟢 active' : '🔴 inactive'}${kind}`
}

const BAR_CELLS = 10n

function balanceBlock({ channel, closedAt }: ChannelView): Html | undefined {
  if (channel === undefined) return undefined
  const { localMsat, remoteMsat, capacityMsat, unsettledMsat, pendingHtlcs } = channel
  const held = pendingHtlcs.length
  if (closedAt !== undefined) {
    return html`<b>Balance</b> when last listed
ours ${satNumber(localMsat)} of ${sat(capacityMsat)}`
  }
  return join([
    html`<b>Balance</b> of ${satNumber(capacityMsat)} sat`,
    html`<code>${shortNumber(localMsat)} ${bar(localMsat, localMsat + remoteMsat)} ${shortNumber(remoteMsat)}</code>`,
    html`ours ${satNumber(localMsat)} (${percent(localMsat, capacityMsat)}), theirs ${satNumber(remoteMsat)}`,
    html`can send ${sat(spendableMsat(channel))} now`,
    html`can receive ${sat(receivableMsat(channel))} now`,
    held > 0
      ? html`${counted(held, 'HTLC')} in flight, ${sat(unsettledMsat)} (we may offer ${count(channel.maxPendingHtlcs)})`
      : undefined,
  ])
}

/** Ten cells; a balance that is not nothing shows at least one, and not all unless it is all. */
function bar(part: bigint, whole: bigint): string {
  if (whole <= 0n) return '▱'.repeat(Number(BAR_CELLS))
  const rounded = (part * BAR_CELLS + whole / 2n) / whole
  const least = part > 0n ? 1n : 0n
  const most = part < whole ? BAR_CELLS - 1n : BAR_CELLS
  const filled = Number(rounded < least ? least : rounded > most ? most : rounded)
  return '▰'.repeat(filled) + '▱'.repeat(Number(BAR_CELLS) - filled)
}

function outBlock(side: SideView): Html {
  const { settled, volumeMsat, earnedMsat, medianSettleMs, failedDownstream, pending } = side
  return join([
    html`<b>Went out here</b>`,
    settled > 0
      ? html`${counted(settled, 'forward')}, ${shortSat(volumeMsat)}, earned ${sat(earnedMsat)} (${ppm(ppmOf(earnedMsat, volumeMsat))})`
      : html`no forward settled`,
    medianSettleMs === undefined
      ? undefined
      : html`half settled within ${duration(medianSettleMs)}`,
    failedDownstream > 0
      ? html`${count(failedDownstream)} failed further on, for reasons only the payer knows`
      : undefined,
    pending > 0 ? html`${count(pending)} in flight now` : undefined,
  ])
}

function inBlock(side: SideView): Html {
  const { settled, volumeMsat, earnedMsat, failedDownstream, pending, refused } = side
  const { attempts } = total(refused)
  const main = refused[0]
  return join([
    html`<b>Came in here</b>`,
    settled > 0
      ? html`${counted(settled, 'forward')}, ${shortSat(volumeMsat)}, which earned ${sat(earnedMsat)} elsewhere`
      : html`no forward settled`,
    failedDownstream > 0 ? html`${count(failedDownstream)} failed further on` : undefined,
    pending > 0 ? html`${count(pending)} in flight now` : undefined,
    main ? html`${count(attempts)} refused, mostly: ${failureText(main.failure).short}` : undefined,
  ])
}

function refusalBlocks(refused: readonly Refused[]): readonly (Html | undefined)[] {
  if (refused.length === 0) return []
  const { attempts, offeredMsat } = total(refused)
  const rest = refused.slice(SHOWN_CLASSES)
  const others = rest.map(
    ({ failure, attempts }) => html`${count(attempts)}× <code>${failure}</code>`,
  )
  return [
    html`<b>Refused going out: ${counted(attempts, 'attempt')}, ${atMost(offeredMsat)}</b>`,
    ...refused.slice(0, SHOWN_CLASSES).map((one) => failureBlock(one.failure, count(one.attempts))),
    rest.length > 0 ? html`also ${join(others, ', ')}` : undefined,
  ]
}

function recentBlock({ view, aliasOf }: ChannelData, reading: Reading): Html | undefined {
  if (view.recent.length === 0) return undefined
  const lines = view.recent.map((refusal) => recentLine(refusal, aliasOf, reading))
  return join([html`<b>Last refused</b>`, ...lines])
}

function recentLine(
  { at, incoming, failure, outgoingMsat, offeredMsat }: RecentRefusal,
  aliasOf: (scid: Scid) => string,
  reading: Reading,
): Html {
  const from = incoming === undefined ? 'unknown' : channelName(aliasOf(incoming), incoming)
  const amount =
    outgoingMsat > 0n ? `${shortSat(outgoingMsat)} for ${satNumber(offeredMsat)}` : 'amount unknown'
  return html`${localTime(at, reading)} ${amount}, from ${from}: ${failureText(failure).short}`
}

function total(refused: readonly Refused[]): { attempts: number; offeredMsat: bigint } {
  return refused.reduce(
    (sum, one) => ({
      attempts: sum.attempts + one.attempts,
      offeredMsat: sum.offeredMsat + one.offeredMsat,
    }),
    { attempts: 0, offeredMsat: 0n },
  )
}
