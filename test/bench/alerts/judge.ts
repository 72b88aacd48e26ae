import type { Reading } from '../../../src/analyzer/reading.ts'
import type { FeeChange, Incident } from './incidents.ts'
import type { World } from './world.ts'

// An alert up to an hour after an incident is its own.
const AFTER_MIN = 60
const FEE_MIN = 70

/** A ring: from when (in minutes, when it was read) until it was calm. */
export type Ring = {
  kind: Reading['kind']
  channels: readonly number[]
  at: number
  resolvedAt: number | undefined
  incident: Incident | undefined
  /** An own fee change of the hour before, for which demands had been refused by then. */
  feeChange: FeeChange | undefined
}

/** Watches the readings of one world as a phone would, and says what each ring was about. */
export class Judge {
  readonly rings: Ring[] = []
  readonly #world: World
  readonly #ringing = new Map<string, Ring>()

  constructor(world: World) {
    this.#world = world
  }

  /** Takes in the readings at the end of a minute. */
  see(minute: number, readings: readonly Reading[]): void {
    for (const { kind, subject, severity, level, facts } of readings) {
      if (severity === 'digest' || facts.kind !== 'spike') continue
      const key = `${kind} ${subject}`
      const ring = this.#ringing.get(key)
      if (level === 'calm') {
        if (ring) ring.resolvedAt = minute + 1
        this.#ringing.delete(key)
      } else if (!ring && facts.under === undefined) this.#ring(key, kind, subject, minute + 1)
    }
  }

  /** The incidents that were watched: no gap of the stream fell into them. */
  watched(): Incident[] {
    const { incidents, gaps } = this.#world.plan
    return incidents.filter(
      ({ start, end }) => !gaps.some((gap) => gap.start < end && gap.end > start - 5),
    )
  }

  /** Rings for which there was no incident. */
  falseAlarms(): Ring[] {
    return this.rings.filter(({ incident }) => !incident)
  }

  /**
   * False alarms on a channel within the hour after its own fee changed. A change that nobody had run
   * into yet is no cause: ten false alarms in 5,000 channel-weeks fall into such an hour by chance in one
   * full run of thirty.
   */
  feeAlarms(): Ring[] {
    return this.falseAlarms().filter(({ feeChange }) => feeChange)
  }

  #ring(key: string, kind: Reading['kind'], subject: string, at: number): void {
    const channels = this.#channelsOf(subject)
    const incident = this.#world.plan.incidents.find(
      ({ start, end, channels: its }) =>
        at > start && at <= end + AFTER_MIN && its.some((one) => channels.includes(one)),
    )
    const feeChange = this.#world.plan.feeChanges.find(
      (change) =>
        channels.includes(change.channel) &&
        at >= change.at &&
        at < change.at + FEE_MIN &&
        change.refused > 0,
    )
    const ring = { kind, channels, at, resolvedAt: undefined, incident, feeChange }
    this.rings.push(ring)
    this.#ringing.set(key, ring)
  }

  #channelsOf(subject: string): readonly number[] {
    if (subject === 'node') return this.#world.channels.map(({ index }) => index)
    if (subject.startsWith('peer:')) {
      return this.#world.peers[Number.parseInt(subject.slice('peer:02'.length), 16)] ?? []
    }
    return [Number(subject.slice('channel:'.length).split('x')[0]) - 800_000]
  }
}
