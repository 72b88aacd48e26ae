import type { OwnChannel } from '../../stats/own-channel.ts'
import { RecentVisits } from '../../stats/recent-visits.ts'
import type { Subject } from '../reading.ts'
import { NO_SCORE, type Score } from './score.ts'
import type { Track } from './track.ts'

export type SpikeKind = 'spike.local' | 'spike.downstream' | 'spike.peer' | 'spike.node'

/** A series of counts under watch, and whose it is. */
export type Series = {
  kind: SpikeKind
  subject: Subject
  track: Track
  /** The last evaluated minute's; no score where it had no failure. */
  score: Score
  /** What it fires as a part of, and so does not ring for. */
  under: Subject | undefined
  /** Whether it changed since it was last saved. */
  isDirty: boolean
} & (
  | {
      kind: 'spike.local' | 'spike.downstream'
      own: OwnChannel
      recent: RecentVisits
      peer: Parent | undefined
    }
  | { kind: 'spike.peer' | 'spike.node'; children: Set<ChannelSeries> }
)

export type ChannelSeries = Extract<Series, { own: OwnChannel }>
export type Parent = Extract<Series, { children: Set<ChannelSeries> }>

export function channelSeries(
  kind: ChannelSeries['kind'],
  own: OwnChannel,
  track: Track,
): ChannelSeries {
  return {
    kind,
    subject: `channel:${own.scid}`,
    track,
    score: NO_SCORE,
    under: undefined,
    isDirty: true,
    own,
    recent: new RecentVisits(),
    peer: undefined,
  }
}

export function parentSeries(kind: Parent['kind'], subject: Subject, track: Track): Parent {
  const children = new Set<ChannelSeries>()
  return { kind, subject, track, score: NO_SCORE, under: undefined, isDirty: true, children }
}

/** The greater of the two tests' scores. */
export function heat({ count, ratio }: Score): number {
  return Math.max(count, ratio)
}
