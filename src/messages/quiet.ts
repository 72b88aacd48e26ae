import type { LndStatus } from '../lightning/node-status.ts'
import type { MemoryStatus, NodeView, RankQuestion, SideView } from '../stats/views.ts'
import { count, counted, duration, localTime, type Reading, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'
import { lndText } from './lnd-states.ts'
import { WINDOW_WORDS } from './span.ts'

const HOUR_MS = 3_600_000

/**
 * What /top says when there is nothing to rank: that LND was never heard, that there are no
 * channels, or since when it listens and what it saw.
 */
export function firstHour(
  node: NodeView,
  status: MemoryStatus,
  lnd: LndStatus,
  question: RankQuestion,
  reading: Reading,
): Html {
  if (status.listeningSince === undefined) return neverHeard(lnd)
  if (status.openChannels === 0) return noChannels()
  const listening = reading.now - status.listeningSince
  return join([
    html`<b>${nothing(question)}</b>`,
    html`${saw(node)}`,
    html`Listening since ${localTime(status.listeningSince, reading)} (${duration(listening)}).`,
    listening < HOUR_MS
      ? html`LND keeps no record of what it refuses: it counts from here on.`
      : undefined,
    fewChannels(status.openChannels),
    html``,
  ])
}

/** What a node with up to three channels should know of its figures; undefined for larger ones. */
export function fewChannels(openChannels: number): Html | undefined {
  switch (openChannels) {
    case 1:
      return html`This node has one channel: a forward needs two, one to come in by and one to leave by.`
    case 2:
    case 3:
      return html`With ${openChannels} channels there are few ways through this node: expect few forwards and few refusals.`
    default:
      return undefined
  }
}

function neverHeard(lnd: LndStatus): Html {
  const { mark, title, does } = lndText(lnd.state)
  return html`${mark} <b>Nothing heard from LND yet: ${title}</b>
${does}
/status says more.
`
}

function noChannels(): Html {
  return html`<b>This node has no channels yet</b>
Once two are open and payments try to pass, this shows what was turned away and why.
`
}

function nothing({ order, family, window }: RankQuestion): string {
  const within = WINDOW_WORDS[window]
  if (order === 'earned' || order === 'volume') return `No forward settled in ${within}`
  return family
    ? `Nothing refused for ${FAMILY_REASONS[family]} in ${within}`
    : `Nothing refused in ${within}`
}

const FAMILY_REASONS = {
  liquidity: 'lack of balance',
  fee: 'its fee',
  limit: 'a limit of ours',
  peer: 'a missing peer',
} as const

function saw({ forwards, own }: NodeView): string {
  const mine = own.sent + own.sendFailed + own.received
  const ours = mine > 0 ? `, and ${counted(mine, 'payment')} of your own` : ''
  return `Saw ${seen(forwards)}${ours}.`
}

function seen({ settled, failedDownstream, pending, volumeMsat }: SideView): string {
  const offered = settled + failedDownstream + pending
  if (offered === 0) return 'no forward'
  const parts = [
    settled > 0 ? `${count(settled)} settled (${shortSat(volumeMsat)})` : '',
    failedDownstream > 0 ? `${count(failedDownstream)} failed further on` : '',
    pending > 0 ? `${count(pending)} in flight` : '',
  ]
  return `${counted(offered, 'forward')}: ${parts.filter(Boolean).join(', ')}`
}
