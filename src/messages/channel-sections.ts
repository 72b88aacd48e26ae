import type { Managed } from '../lightning/managed-channel.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { Scid } from '../lightning/scid.ts'
import type { ChannelView, RecentRefusal, Refused, Window } from '../stats/views.ts'
import { WINDOWS } from '../stats/views.ts'
import { totalOf } from './channel.ts'
import { balanceBlocks } from './channel-balance.ts'
import { failureBlock, failureText } from './failures.ts'
import { atMost, count, counted, localTime, type Reading, sat, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'
import { blindLine } from './lnd-states.ts'
import { managedBlock } from './managed.ts'
import { button, choice, type Message } from './message.ts'
import { channelName } from './names.ts'
import { paginate } from './paginate.ts'
import { observedWithin, spanLine } from './span.ts'

/** What stands behind the buttons of /channel. */
export const CHANNEL_SECTIONS = ['balance', 'refusals', 'last'] as const
export type ChannelSection = (typeof CHANNEL_SECTIONS)[number]

/** What a section of /channel shows. */
export type SectionData = {
  view: ChannelView
  window: Window
  section: ChannelSection
  lnd: LndStatus
  /** What lnd-manage says of it, for the balance; absent where there is none. */
  managed?: Managed | undefined
  /** The peer's alias of a channel of ours; empty when unknown. */
  aliasOf(scid: Scid): string
}

/** One section of a channel, with the way back to the channel. */
export function sectionMessages(data: SectionData, reading: Reading): readonly Message[] {
  const { view, window, section } = data
  const span = join([spanLine(view.span, 'both', reading), blindLine(data.lnd, reading)])
  const blocks = [...blocksOf(data, reading), span]
  const buttons = [
    WINDOWS.map((name) => choice(name, name === window, 'channel', view.scid, name, section)),
    [button(`‹ ${channelName(view.alias, view.scid)}`, 'channel', view.scid, window)],
  ]
  return paginate(
    blocks.filter((block) => block !== undefined),
    buttons,
  )
}

function blocksOf(data: SectionData, reading: Reading): readonly (Html | undefined)[] {
  const { view, section, window } = data
  const name = channelName(view.alias, view.scid)
  const { refused } = view.outgoing
  switch (section) {
    case 'balance':
      return [...balanceBlocks(view, reading), managedBlock(data.managed)]
    case 'refusals':
      return [
        ...refusalBlocks(name, refused, observedWithin(window, view.span)),
        incomingBlock(view.incoming.refused),
      ]
    case 'last':
      return [lastBlock(name, data, reading)]
  }
}

// More classes than that on one channel are rare, and each takes five lines.
const SHOWN_CLASSES = 5

function refusalBlocks(
  name: string,
  refused: readonly Refused[],
  within: string,
): readonly (Html | undefined)[] {
  const { attempts, offeredMsat } = totalOf(refused)
  if (attempts === 0) return [html`<b>${name}: nothing refused in ${within}</b>`]
  const rest = refused.slice(SHOWN_CLASSES)
  const others = rest.map(
    ({ failure, attempts }) => html`${count(attempts)}× <code>${failure}</code>`,
  )
  return [
    html`<b>${name}: ${counted(attempts, 'attempt')} refused in ${within}</b>
All their fees, retries and probes in it: ${atMost(offeredMsat)}`,
    ...refused.slice(0, SHOWN_CLASSES).map((one) => failureBlock(one.failure, count(one.attempts))),
    rest.length > 0 ? html`also ${join(others, ', ')}` : undefined,
  ]
}

function incomingBlock(refused: readonly Refused[]): Html | undefined {
  const [main] = refused
  if (main === undefined) return undefined
  const { attempts } = totalOf(refused)
  return html`Came in here and refused: ${count(attempts)}×, mostly ${failureText(main.failure).short}`
}

function lastBlock(name: string, { view, aliasOf }: SectionData, reading: Reading): Html {
  if (view.recent.length === 0) return html`<b>${name}: no refusal is remembered</b>`
  const lines = view.recent.map((refusal) => lastLine(refusal, aliasOf, reading))
  return join([html`<b>${name}: last refused</b>`, ...lines])
}

function lastLine(
  { at, incoming, failure, outgoingMsat, offeredMsat }: RecentRefusal,
  aliasOf: (scid: Scid) => string,
  reading: Reading,
): Html {
  const from = incoming === undefined ? 'unknown' : channelName(aliasOf(incoming), incoming)
  const amount =
    outgoingMsat > 0n ? `${shortSat(outgoingMsat)} fee ${sat(offeredMsat)}` : 'amount unknown'
  return html`${localTime(at, reading)} ${amount}, from ${from}: ${failureText(failure).short}`
}
