import { parseScid } from '../lightning/scid.ts'
import type { Memory } from './memory.ts'
import { aliasOf } from './memory-views.ts'
import type { OwnChannel } from './own-channel.ts'
import type { ChannelMatch } from './views.ts'

const MAX_MATCHES = 20

/**
 * Returns the channels that a text may mean, at most 20: exactly one for a short channel id in any
 * notation or a channel point, all whose alias or pubkey contains it otherwise, open ones first.
 */
export function findChannels(memory: Memory, text: string): ChannelMatch[] {
  const wanted = text.trim().toLowerCase()
  const scid = parseScid(wanted)
  const exact = scid ? memory.book.get(scid) : byChannelPoint(memory, wanted)
  if (exact) return [matchOf(exact)]
  if (wanted === '') return []
  const found = [...memory.book].filter((own) => isNamed(own, wanted))
  const open = found.filter((own) => own.closedAt === undefined)
  return [...open, ...found.filter((own) => own.closedAt !== undefined)]
    .slice(0, MAX_MATCHES)
    .map(matchOf)
}

function byChannelPoint(memory: Memory, text: string): OwnChannel | undefined {
  if (!/^[0-9a-f]{64}:\d+$/.test(text)) return undefined
  for (const own of memory.book) if (own.channel?.channelPoint === text) return own
  return undefined
}

function isNamed(own: OwnChannel, wanted: string): boolean {
  const peer = own.channel?.peer
  return (
    peer !== undefined &&
    (peer.alias.toLowerCase().includes(wanted) || peer.pubkey.startsWith(wanted))
  )
}

function matchOf(own: OwnChannel): ChannelMatch {
  return {
    scid: own.scid,
    alias: aliasOf(own),
    capacityMsat: own.channel?.capacityMsat,
    closed: own.closedAt !== undefined,
  }
}
