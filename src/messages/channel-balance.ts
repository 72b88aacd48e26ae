import { type Channel, receivableMsat, spendableMsat } from '../lightning/channel.ts'
import type { ChannelView, SideView } from '../stats/views.ts'
import { policyBlock } from './channel-policy.ts'
import {
  count,
  counted,
  duration,
  localDate,
  percent,
  type Reading,
  sat,
  satNumber,
  shortNumber,
} from './format.ts'
import { type Html, html, join } from './html.ts'
import { channelName, shownId } from './names.ts'
import { isPrivate } from './reader.ts'

/** The channel and its peer, balances, both sides' fees, and how what passed ended. */
export function balanceBlocks(view: ChannelView, reading: Reading): readonly (Html | undefined)[] {
  const { pubkey } = view
  const peer = pubkey === undefined || isPrivate() ? undefined : html`peer <code>${pubkey}</code>`
  return [
    join([
      html`<b>${channelName(view.alias, view.scid)}: balance and fees</b>`,
      html`${stateOf(view, reading)} <code>${shownId(view.scid)}</code>`,
      peer,
    ]),
    balanceBlock(view),
    policyBlock(view.policies),
    endsBlock('Going out', view.outgoing),
    endsBlock('Coming in', view.incoming, elsewhere(view.incoming)),
  ]
}

/** Returns what LND says of the channel itself. */
export function stateOf({ channel, closedAt }: ChannelView, reading: Reading): string {
  if (closedAt !== undefined) return `⚫ closed, ${localDate(closedAt, reading)}`
  if (channel === undefined) return '⚪ not listed by LND now'
  const kind = channel.private ? ', private' : ''
  return `${channel.active ? '🟢 active' : '🔴 inactive'}${kind}`
}

/** Returns both balances with a bar between them. */
export function balanceBar({ localMsat, remoteMsat }: Channel): Html {
  const filled = bar(localMsat, localMsat + remoteMsat)
  return html`<code>${shortNumber(localMsat)} ${filled} ${shortNumber(remoteMsat)}</code>`
}

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
    balanceBar(channel),
    html`ours ${satNumber(localMsat)} (${percent(localMsat, capacityMsat)}), theirs ${satNumber(remoteMsat)}`,
    html`can send ${sat(spendableMsat(channel))} now`,
    html`can receive ${sat(receivableMsat(channel))} now`,
    held > 0
      ? html`${counted(held, 'HTLC')} in flight, ${sat(unsettledMsat)} (we may offer ${count(channel.maxPendingHtlcs)})`
      : undefined,
  ])
}

const BAR_CELLS = 10n

/** Ten cells; a balance that is not nothing shows at least one, and not all unless it is all. */
function bar(part: bigint, whole: bigint): string {
  if (whole <= 0n) return '▱'.repeat(Number(BAR_CELLS))
  const rounded = (part * BAR_CELLS + whole / 2n) / whole
  const least = part > 0n ? 1n : 0n
  const most = part < whole ? BAR_CELLS - 1n : BAR_CELLS
  const filled = Number(rounded < least ? least : rounded > most ? most : rounded)
  return '▰'.repeat(filled) + '▱'.repeat(Number(BAR_CELLS) - filled)
}

/** How forwards over one side ended, where that is more than the count of settled ones. */
function endsBlock(title: string, side: SideView, more?: Html): Html | undefined {
  const { medianSettleMs, failedDownstream, pending } = side
  const lines = [
    more,
    medianSettleMs === undefined
      ? undefined
      : html`half settled within ${duration(medianSettleMs)}`,
    failedDownstream > 0
      ? html`${count(failedDownstream)} failed further on, for reasons only the payer knows`
      : undefined,
    pending > 0 ? html`${count(pending)} in flight now` : undefined,
  ].filter((line) => line !== undefined)
  return lines.length === 0 ? undefined : join([html`<b>${title}</b>`, ...lines])
}

function elsewhere({ settled, earnedMsat }: SideView): Html | undefined {
  return settled > 0 ? html`its forwards earned ${sat(earnedMsat)} elsewhere` : undefined
}
