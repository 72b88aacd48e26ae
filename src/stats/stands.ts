import type { Memory } from './memory.ts'
import { aliasOf } from './memory-views.ts'
import type { ChannelStand } from './views.ts'

/** Returns how every open channel stands, as LND last listed it. */
export function channelStands(memory: Memory): readonly ChannelStand[] {
  return [...memory.book].flatMap((own) => {
    const { scid, channel, policies, closedAt } = own
    if (channel === undefined || closedAt !== undefined) return []
    return [{ scid, alias: aliasOf(own), channel, policies }]
  })
}
