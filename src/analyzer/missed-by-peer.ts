import type { Memory } from '../stats/memory.ts'
import type { Window } from '../stats/views.ts'
import type { Analysis, WindowAnalysis } from './analysis.ts'
import type { MissedByPeer, PeerMissed } from './answers.ts'
import { NOTHING } from './gain.ts'
import type { Opportunity } from './views.ts'

/** Returns what each peer's channels missed for lack of balance over a window. */
export function missedByPeer(
  memory: Memory,
  { at, windows }: Analysis,
  window: Window,
): MissedByPeer | undefined {
  const found = windows.get(window)
  if (!found) return undefined
  const { span, confidence, opportunities } = found
  const peers = byPubkey(opportunities.filter(({ missed }) => missed.liquidityDemands > 0))
  const known = [...peers].filter(([, channels]) => channels.some(isKnown))
  const rows = known.flatMap(([pubkey, channels]) => rowOf(memory, found, pubkey, channels))
  rows.sort((a, b) => Number(b.missed.expectedMsat - a.missed.expectedMsat))
  return { at, span, confidence, rows, hidden: peers.size - known.length }
}

function rowOf(
  memory: Memory,
  { estimate }: WindowAnalysis,
  pubkey: string,
  channels: readonly Opportunity[],
): PeerMissed[] {
  const [first] = channels
  const own = first && memory.book.get(first.scid)
  // Evicted since the analysis.
  if (!own) return []
  const missed = estimate.peers.get(memory.demands.peers.idOf(own)) ?? NOTHING
  const demands = channels.reduce((sum, one) => sum + one.missed.liquidityDemands, 0)
  const { alias, scid } = first
  return [{ pubkey, alias, scid, channels: channels.length, demands, missed }]
}

function byPubkey(all: readonly Opportunity[]): ReadonlyMap<string, readonly Opportunity[]> {
  const peers = new Map<string, Opportunity[]>()
  for (const one of all) {
    if (one.pubkey === undefined) continue
    const others = peers.get(one.pubkey)
    if (others) others.push(one)
    else peers.set(one.pubkey, [one])
  }
  return peers
}

/** Whether enough is known of one of a peer's channels for figures to be shown. */
function isKnown({ confidence }: Opportunity): boolean {
  return confidence.level !== 'too-little-data'
}
