import type { NodeInfo } from '../lightning/channel.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { Scid } from '../lightning/scid.ts'
import type { MemoryStatus } from '../stats/views.ts'
import { agoAndTime, count, counted, duration, localTime, type Reading } from './format.ts'
import { type Html, html, join } from './html.ts'
import { lndText } from './lnd-states.ts'
import { button, type Message } from './message.ts'
import { channelName, cleanName, quoted, shortPubkey } from './names.ts'
import { paginate } from './paginate.ts'
import { isPrivate } from './reader.ts'

// An alias has 32 characters at most: a quarter of a message.
const SHOWN_SPARSE = 30

/** What the program says of itself. */
export type ProgramFacts = {
  programVersion: string
  nodeVersion: string
  /** Epoch ms. */
  startedAt: number
  storeBytes: number | undefined
  /** Epoch ms of the last write that succeeded. */
  savedAt: number | undefined
  /** Why writing fails now, in plain words; undefined while it works. */
  saveFailing: string | undefined
}

/** What the bot says of its own connection. */
export type TelegramStatus = {
  username: string | undefined
  chats: number
  deadChats: number
  /** The last time that Telegram could not be reached: epoch ms; undefined when it always could. */
  lastTroubleAt: number | undefined
  /** Replies given up because Telegram asked for too long a wait. */
  droppedReplies: number
}

/** A channel that fails too rarely for statistics. */
export type SparseChannel = { scid: Scid; alias: string }

export type StatusData = {
  lnd: LndStatus
  node: NodeInfo | undefined
  memory: MemoryStatus
  program: ProgramFacts
  telegram: TelegramStatus
  /** The open channels in which no spike can be told from chance. */
  sparse: readonly SparseChannel[]
}

/** Where everything stands: connection, coverage, counters, what was dropped, versions. */
export function statusMessages(data: StatusData, reading: Reading): readonly Message[] {
  const blocks = [
    connectionBlock(data, reading),
    coverageBlock(data.memory, reading),
    countersBlock(data.memory),
    alertsBlock(data),
    droppedBlock(data.memory),
    programBlock(data, reading),
  ]
  return paginate(
    blocks.filter((block) => block !== undefined),
    [[button('refresh', 'status'), button('top 7d', 'top', '7d')]],
  )
}

function connectionBlock({ lnd, node, program }: StatusData, reading: Reading): Html {
  const { mark, title, does } = lndText(lnd.state)
  const since = `${localTime(lnd.since, reading)} (${duration(reading.now - lnd.since)})`
  const isFine = lnd.state === 'listening'
  const failing = program.saveFailing
  return join([
    html`${mark} <b>${title[0]?.toUpperCase() ?? ''}${title.slice(1)}</b> since ${since}`,
    isFine ? undefined : does,
    isFine || lnd.detail === '' ? undefined : html`Reason: <code>${quoted(lnd.detail, 300)}</code>`,
    failing === undefined ? undefined : html`🔴 <b>Saving fails:</b> ${quoted(failing, 300)}`,
    ...nodeLines(node),
  ])
}

function nodeLines(node: NodeInfo | undefined): readonly (Html | undefined)[] {
  if (node === undefined) return []
  const name = cleanName(node.alias) || 'unnamed'
  const who = isPrivate() ? html`Node` : html`Node ${name} <code>${shortPubkey(node.pubkey)}</code>`
  return [
    html`${who}, block ${count(node.blockHeight)}`,
    node.syncedToChain ? undefined : html`🟠 not synced to the chain: payments fail until it is`,
    node.syncedToGraph ? undefined : html`🟡 not synced to the graph: fees of others may be old`,
  ]
}

function coverageBlock(memory: MemoryStatus, reading: Reading): Html {
  const { listeningSince, streamUp, lastEventAt, gaps } = memory
  if (listeningSince === undefined)
    return html`<b>Listening</b>
not one event yet: nothing is counted until LND is reached`
  const last = lastEventAt === undefined ? 'none yet' : agoAndTime(lastEventAt, reading)
  return join([
    html`<b>Listening</b> since ${localTime(listeningSince, reading)}${streamUp ? '' : ', blind now'}`,
    html`last event: ${last}`,
    gaps.length > 0
      ? html`blind (refusals in there are unknown; settled forwards come from LND's history):`
      : html`without a gap`,
    ...gaps.map((gap) => gapLine(gap, reading)),
  ])
}

function gapLine({ from, to }: { from: number; to: number | undefined }, reading: Reading): Html {
  const lasted = duration((to ?? reading.now) - from)
  const end = to === undefined ? 'still' : 'for'
  return html`· ${localTime(from, reading)}, ${end} ${lasted}`
}

function countersBlock(memory: MemoryStatus): Html {
  const { openChannels, closedChannels, maxChannels, inFlight, events } = memory
  const closed = closedChannels > 0 ? `, ${count(closedChannels)} closed` : ''
  return join([
    html`<b>Counted</b>`,
    html`${counted(openChannels, 'open channel')}${closed} (room for ${count(maxChannels)})`,
    html`${counted(events, 'event')} in all, ${counted(inFlight, 'HTLC')} in flight`,
  ])
}

function alertsBlock({ memory, sparse }: StatusData): Html | undefined {
  if (sparse.length === 0) return undefined
  const names = sparse.slice(0, SHOWN_SPARSE).map(({ scid, alias }) => channelName(alias, scid))
  const more = sparse.length - names.length
  return join([
    html`<b>Alerts</b>`,
    html`${count(sparse.length)} of ${counted(memory.openChannels, 'channel')} refuse too little, or are too new, for a spike to be told from chance. What rings there is the rest: the peer away, the side empty, fees missed.`,
    html`${names.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`,
  ])
}

function droppedBlock(memory: MemoryStatus): Html | undefined {
  const { dropped } = memory
  const lines = [
    line(dropped.finals, 'final notices that decided nothing new'),
    line(dropped.replays, 'repeats after a restart'),
    line(dropped.unmatched, 'ends of HTLCs whose start was not seen'),
    line(dropped.foreign, "refusals for channel ids that aren't ours"),
    line(dropped.unknown, 'of a kind that this version does not know'),
    line(memory.lostHtlcs, 'HTLCs whose end was never told'),
    line(memory.shedEvents, 'counted in bursts without details'),
    line(memory.demandsClosedEarly, 'demands ended early, too many were open'),
    line(memory.foldedDemands, 'older demands, kept as day totals alone'),
    line(memory.droppedDayTotals, 'day totals, forgotten for lack of room'),
    line(memory.evictedChannels, 'least active channels, forgotten for lack of room'),
    line(memory.cleanedChannels, 'long-closed channels, cleaned up'),
    ...memory.unknowns
      .slice(0, 5)
      .map(
        ({ name, count: times }) =>
          html`· unknown <code>${quoted(name, 60)}</code>: ${count(times)}`,
      ),
  ].filter((one) => one !== undefined)
  return lines.length === 0 ? undefined : join([html`<b>Left out</b>, and why`, ...lines])
}

function line(times: number, what: string): Html | undefined {
  return times > 0 ? html`· ${what}: ${count(times)}` : undefined
}

function programBlock({ program, node, lnd, telegram }: StatusData, reading: Reading): Html {
  const { storeBytes, savedAt, saveFailing } = program
  const lndVersion = node ? (/^\S+/.exec(node.version)?.[0].slice(0, 40) ?? 'unknown') : 'unknown'
  const saved = savedAt === undefined ? 'not saved yet' : `saved ${agoAndTime(savedAt, reading)}`
  return join([
    html`<b>Versions</b>`,
    html`missed-sats ${program.programVersion}, LND ${lndVersion}, Node ${program.nodeVersion}`,
    html`running for ${duration(reading.now - program.startedAt)}${lnd.reconnects > 0 ? `, ${counted(lnd.reconnects, 'reconnect')}` : ''}`,
    html`store ${storeBytes === undefined ? 'in memory' : size(storeBytes)}, ${saved}${saveFailing === undefined ? '' : ' (failing)'}`,
    ...telegramLines(telegram, reading),
  ])
}

function telegramLines(telegram: TelegramStatus, reading: Reading): readonly (Html | undefined)[] {
  const { username, chats, deadChats, lastTroubleAt, droppedReplies } = telegram
  const dead = deadChats > 0 ? `, ${count(deadChats)} of them closed to the bot` : ''
  return [
    html`Telegram${username === undefined ? '' : ` @${username}`}, ${counted(chats, 'chat')}${dead}`,
    lastTroubleAt === undefined
      ? undefined
      : html`Telegram last out of reach ${agoAndTime(lastTroubleAt, reading)}`,
    droppedReplies > 0
      ? html`${counted(droppedReplies, 'reply', 'replies')} given up: Telegram asked to wait too long`
      : undefined,
  ]
}

function size(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`
  const mb = bytes / 1_000_000
  return `${mb < 10 ? Math.round(mb * 10) / 10 : Math.round(mb)} MB`
}
