import {
  allClosed,
  capacityOf,
  LIQUIDITY_PAGE,
  liquidityMessage,
  noLiquidity,
  outOf,
  type PeerStand,
} from '../../messages/liquidity.ts'
import { channelName } from '../../messages/names.ts'
import type { ChannelStand } from '../../stats/views.ts'
import type { Asked, Command, Reply } from '../command.ts'
import { fromOf } from '../from.ts'
import { readNamed, whichChannel } from '../which-channel.ts'

/** Shows what can go out and come in, of the node or with one peer. */
export const liquidity: Command = {
  name: 'liquidity',
  topic: 'node',
  usage: 'alice',
  summary: 'What can go out and come in, and at what fee',
  run(words, asked) {
    const isNew = asked.isPress && words.at(-1) === 'new'
    const [first, ...rest] = isNew ? words.slice(0, -1) : words
    const channels = asked.ports.stands()
    if (channels.length === 0) return { messages: [noLiquidity()] }
    const offset = rest.length === 0 ? fromOf(first?.toLowerCase()) : undefined
    if (first === undefined || offset !== undefined) return wholeNode(channels, offset ?? 0)
    return onePeer(channels, [first, ...rest], isNew, asked)
  },
}

function wholeNode(channels: readonly ChannelStand[], asked: number): Reply {
  const peers = [...byPeer(channels)].sort((a, b) => shareOf(a) - shareOf(b))
  const last = Math.floor((peers.length - 1) / LIQUIDITY_PAGE) * LIQUIDITY_PAGE
  const offset = Math.min(asked, last)
  const rows = peers.slice(offset, offset + LIQUIDITY_PAGE)
  const data = { peer: undefined, channels, rows, offset, peers: peers.length }
  return { messages: [liquidityMessage(data)] }
}

function onePeer(
  channels: readonly ChannelStand[],
  words: readonly string[],
  asNew: boolean,
  { ports }: Asked,
): Reply {
  // A name may mean several channels of one peer: then all of them are meant.
  const named = readNamed(words)
  const found = new Set(ports.memory.find(named.text).map(({ scid }) => scid))
  const peers = byPeer(channels).filter((peer) => peer.channels.some(({ scid }) => found.has(scid)))
  const [peer, ...others] = peers
  if (peer === undefined || others.length > 0) {
    const which = whichChannel(ports.memory, 'liquidity', named)
    if (which.kind === 'unclear') return { messages: which.messages }
    return { messages: [allClosed(channelName(which.alias, which.scid))] }
  }
  const data = { peer, channels: peer.channels, rows: [], offset: 0, peers: 1 }
  return { messages: [liquidityMessage(data)], asNew }
}

function byPeer(channels: readonly ChannelStand[]): readonly PeerStand[] {
  const peers = new Map<string, ChannelStand[]>()
  for (const one of channels) {
    const { pubkey } = one.channel.peer
    peers.set(pubkey, [...(peers.get(pubkey) ?? []), one])
  }
  return [...peers.values()].map((own) => ({ alias: own[0]?.alias ?? '', channels: own }))
}

/** What can be sent, of a thousand parts of what the channels hold. */
function shareOf({ channels }: PeerStand): number {
  const capacity = capacityOf(channels)
  return capacity > 0n ? Number((outOf(channels) * 1000n) / capacity) : 0
}
