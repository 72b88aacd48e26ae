import type { AlertKind, Level, Reading, Subject } from '../analyzer/reading.ts'
import { absorbs, candidatesFor, type PeerOf } from './absorption.ts'
import { type Alert, alertId, keyOf } from './alert.ts'
import {
  born,
  calmNeededMs,
  end,
  fireAgain,
  follow,
  isSameEpisode,
  type Moment,
  remind,
} from './episode.ts'
import { type AlertRule, DAY_MS, GROUP_WAIT_MS, MINUTE_MS } from './kind.ts'

/** What was measured at one moment. */
export type Observation = {
  /** Epoch ms, for display. */
  now: number
  /** Time since the last observation or pass, by a clock that never steps. */
  elapsedMs: number
  /** Conditions as they stand; one that is not among them is calm. */
  readings: readonly Reading[]
  /** Kinds whose source cannot tell now: what they do not mention is unknown instead. */
  blindKinds: ReadonlySet<AlertKind>
}

/** A condition that is not calm, or whose alert is firing. */
type Track = {
  kind: AlertKind
  subject: Subject
  level: Level
  /** Time that the threshold was met since it was last calm, and that nothing is known, in ms. */
  metMs: number
  blindMs: number
  reading: Reading | undefined
  alert: Alert | undefined
  /** The alert that ended as a new level, until the condition calms down. */
  settled: Alert | undefined
}

// What happened in a longer time between two passes was not observed: the program hung, or slept.
const LONGEST_STEP_MS = 2 * MINUTE_MS
// A gap shorter than this is no news: every restart of the program makes one.
const BLIND_MS = 2 * MINUTE_MS
// Counters of firing alerts reach the disk this often; a crash forgets no more.
const COUNTERS_MS = 10 * MINUTE_MS
const KEPT_MS = 7 * DAY_MS
// 4,000 × about 1 kB: a week of 500 a day. Alerts that fire or were not told yet are never dropped.
const MAX_KEPT = 4_000

/** All alerts and the conditions under them: what fires, what is over, what is part of what. */
export class AlertBook {
  readonly #rules: ReadonlyMap<AlertKind, AlertRule>
  readonly #alerts = new Map<string, Alert>()
  readonly #last = new Map<string, Alert>()
  readonly #tracks = new Map<string, Track>()
  readonly #changed = new Set<Alert>()
  readonly #settled: Pick<Alert, 'kind' | 'subject'>[] = []
  readonly #peerOf: PeerOf
  /** Ms of the book's own time. */
  steady = 0
  /** Alerts made so far. */
  serial = 0

  constructor(rules: readonly AlertRule[], peerOf: PeerOf) {
    this.#peerOf = peerOf
    this.#rules = new Map(rules.map((rule) => [rule.kind, rule]))
  }

  /** Takes over alerts as they were kept; what fires is unknown until the next observation. */
  restore(alerts: readonly Alert[], serial: number, steady: number): void {
    this.serial = serial
    this.steady = steady
    for (const alert of [...alerts].sort((a, b) => a.steadyFired - b.steadyFired)) {
      const key = keyOf(alert)
      this.#alerts.set(alert.id, alert)
      this.#last.set(key, alert)
      if (alert.state === 'firing') this.#tracks.set(key, trackOf(alert, { alert }))
      else if (alert.isStillOn) this.#tracks.set(key, trackOf(alert, { settled: alert }))
    }
  }

  get(id: string): Alert | undefined {
    return this.#alerts.get(id)
  }

  all(): IterableIterator<Alert> {
    return this.#alerts.values()
  }

  /** Takes in what was measured. */
  observe({ now, elapsedMs, readings, blindKinds }: Observation): void {
    this.#elapse(elapsedMs)
    const mentioned = new Set<string>()
    for (const reading of readings) {
      const key = keyOf(reading)
      mentioned.add(key)
      this.#read(key, reading, now)
    }
    for (const [key, track] of this.#tracks) {
      if (!mentioned.has(key))
        this.#set(track, blindKinds.has(track.kind) ? 'unknown' : 'calm', now)
    }
    this.#move(now, true)
  }

  /** Lets time pass between observations: what has waited long enough fires. */
  pass(now: number, elapsedMs: number): void {
    this.#elapse(elapsedMs)
    this.#move(now, false)
  }

  /** Notes who has taken an alert on; false when it is over or taken on already. */
  acknowledge(id: string, by: string, now: number): boolean {
    const alert = this.#alerts.get(id)
    if (alert?.state !== 'firing' || alert.acknowledged) return false
    alert.acknowledged = { by, at: now }
    alert.revision += 1
    this.#changed.add(alert)
    return true
  }

  /** Ends an alert because what it shows is the new normal; false when it is over already. */
  settle(id: string, now: number): boolean {
    const alert = this.#alerts.get(id)
    const track = alert && this.#tracks.get(keyOf(alert))
    if (track === undefined || track.alert !== alert) return false
    this.#end(track, 'new-level', now)
    this.#absorbAll()
    return true
  }

  /** Returns what became a new level since the last call: its detector should learn it. */
  takeSettled(): readonly Pick<Alert, 'kind' | 'subject'>[] {
    return this.#settled.splice(0)
  }

  /** Returns the alerts that changed since the last call. */
  takeChanged(): readonly Alert[] {
    const changed = [...this.#changed]
    this.#changed.clear()
    return changed
  }

  /** Drops what has been over for a week, or is beyond the cap, and returns the ids. */
  forgetOld(isTold: (id: string) => boolean): readonly string[] {
    const dropped: string[] = []
    for (const { id, state, isStillOn, steadyResolved = this.steady } of this.#alerts.values()) {
      if (state === 'firing' || isStillOn) continue
      const isOld = this.steady - steadyResolved > KEPT_MS
      const isBeyond = this.#alerts.size - dropped.length > MAX_KEPT
      if (isOld || (isBeyond && isTold(id))) dropped.push(id)
    }
    for (const id of dropped) this.#forget(id)
    return dropped
  }

  #forget(id: string): void {
    const alert = this.#alerts.get(id)
    this.#alerts.delete(id)
    if (alert === undefined) return
    this.#changed.delete(alert)
    if (this.#last.get(keyOf(alert)) === alert) this.#last.delete(keyOf(alert))
  }

  #elapse(elapsedMs: number): void {
    const ms = Math.min(Math.max(0, elapsedMs), LONGEST_STEP_MS)
    this.steady += ms
    for (const track of this.#tracks.values()) {
      const { level, alert } = track
      if (level === 'fire') track.metMs += ms
      if (level === 'unknown') track.blindMs += ms
      if (alert === undefined || level === 'unknown') continue
      if (
        Math.floor(alert.firingMs / COUNTERS_MS) < Math.floor((alert.firingMs + ms) / COUNTERS_MS)
      )
        this.#changed.add(alert)
      alert.firingMs += ms
      if (level === 'calm') alert.calmMs += ms
      if (alert.aloneMs !== undefined && level === 'fire') alert.aloneMs += ms
    }
  }

  #read(key: string, reading: Reading, now: number): void {
    const { level } = reading
    let track = this.#tracks.get(key)
    if (track === undefined) {
      if (level === 'calm' || level === 'unknown') return
      track = trackOf(reading, {})
      this.#tracks.set(key, track)
    }
    if (level !== 'unknown') track.reading = reading
    this.#set(track, level, now)
  }

  #set(track: Track, level: Level, now: number): void {
    const { alert } = track
    track.level = level
    if (level === 'calm') track.metMs = 0
    if (alert === undefined) return
    if (level === 'fire' || level === 'hold') alert.calmMs = 0
    if (level !== 'unknown') track.blindMs = 0
    this.#setBlind(alert, track.blindMs >= BLIND_MS ? now - track.blindMs : undefined)
  }

  #setBlind(alert: Alert, since: number | undefined): void {
    if ((since === undefined) === (alert.blindSince === undefined)) return
    alert.blindSince = since
    alert.revision += 1
    this.#changed.add(alert)
  }

  #move(now: number, isObserved: boolean): void {
    const kinds = this.#kinds()
    for (const [key, track] of this.#tracks) {
      if (track.alert) this.#goOn(track, track.alert, now, isObserved)
      else if (track.level === 'fire') this.#maybeFire(key, track, kinds, now)
      if (track.alert === undefined && track.level === 'calm') this.#drop(key, track)
    }
    this.#absorbAll()
  }

  #drop(key: string, { settled }: Track): void {
    this.#tracks.delete(key)
    if (settled === undefined) return
    settled.isStillOn = false
    this.#changed.add(settled)
  }

  #goOn(track: Track, alert: Alert, now: number, isObserved: boolean): void {
    const rule = this.#rules.get(track.kind)
    const { level, reading } = track
    if (rule === undefined || level === 'unknown') return
    const moment = { now, steady: this.steady }
    const isMet = level === 'fire' && reading !== undefined
    if (isObserved && isMet && follow(alert, reading, moment)) this.#changed.add(alert)
    if (remind(alert, moment)) this.#changed.add(alert)
    if (alert.aloneMs !== undefined && alert.aloneMs >= GROUP_WAIT_MS) {
      alert.aloneMs = undefined
      this.#changed.add(alert)
    }
    if (!isObserved) return
    if (level !== 'calm') return
    if (isNewLevel(reading)) this.#end(track, 'new-level', now)
    else if (alert.calmMs >= calmNeededMs(alert, rule)) this.#end(track, 'calm', now)
  }

  #maybeFire(key: string, track: Track, kinds: ReadonlySet<AlertKind>, now: number): void {
    const rule = this.#rules.get(track.kind)
    const { reading, metMs } = track
    if (rule === undefined || reading === undefined || track.settled) return
    const isStirring = this.#isParentStirring(rule, track.subject, kinds)
    if (metMs < rule.waitMs(reading.facts) + (isStirring ? GROUP_WAIT_MS : 0)) return
    const moment: Moment = { now, steady: this.steady }
    const last = this.#last.get(key)
    if (last && isSameEpisode(last, moment)) {
      fireAgain(last, reading, moment)
      track.alert = last
    } else {
      this.serial += 1
      track.alert = born(alertId(this.serial), reading, moment)
      this.#alerts.set(track.alert.id, track.alert)
      this.#last.set(key, track.alert)
    }
    this.#changed.add(track.alert)
  }

  /** Whether what would absorb this is about to fire: its message should come instead. */
  #isParentStirring(rule: AlertRule, subject: Subject, kinds: ReadonlySet<AlertKind>): boolean {
    return candidatesFor(rule, subject, kinds, this.#peerOf).some((candidate) => {
      const track = this.#tracks.get(keyOf(candidate))
      if (track === undefined || track.alert || track.settled) return false
      return track.level === 'fire' || track.level === 'hold'
    })
  }

  #end(track: Track, ending: 'calm' | 'new-level', now: number): void {
    const { alert } = track
    if (alert === undefined) return
    end(alert, ending, { now, steady: this.steady })
    track.alert = undefined
    track.metMs = 0
    this.#changed.add(alert)
    if (ending === 'calm') return
    track.settled = alert
    this.#settled.push({ kind: alert.kind, subject: alert.subject })
  }

  /** Makes alerts part of others, and sets free those whose parent is over. */
  #absorbAll(): void {
    const kinds = this.#kinds()
    for (const { alert } of this.#tracks.values()) {
      if (alert === undefined) continue
      const parent = this.#parentOf(alert, kinds)
      const id = parent?.parent ?? parent?.id
      if (id === alert.parent) continue
      const isOrphaned =
        id === undefined && this.#alerts.get(alert.parent ?? '')?.state !== 'firing'
      alert.aloneMs = isOrphaned ? 0 : undefined
      alert.parent = id
      alert.revision += 1
      this.#changed.add(alert)
    }
  }

  /** The kinds of what is not calm: only these can absorb anything. */
  #kinds(): ReadonlySet<AlertKind> {
    const kinds = new Set<AlertKind>()
    for (const { kind } of this.#tracks.values()) kinds.add(kind)
    return kinds
  }

  #parentOf(child: Alert, kinds: ReadonlySet<AlertKind>): Alert | undefined {
    const rule = this.#rules.get(child.kind)
    if (rule === undefined) return undefined
    for (const candidate of candidatesFor(rule, child.subject, kinds, this.#peerOf)) {
      const parent = this.#tracks.get(keyOf(candidate))?.alert
      if (parent && absorbs(parent, child, candidate.fired)) return parent
    }
    return undefined
  }
}

/** Whether it is over because what lasted is the usual now. */
function isNewLevel(reading: Reading | undefined): boolean {
  return reading?.facts.kind === 'spike' && reading.facts.isNewLevel
}

function trackOf(
  { kind, subject }: Pick<Alert, 'kind' | 'subject'>,
  { alert, settled }: { alert?: Alert; settled?: Alert },
): Track {
  return {
    kind,
    subject,
    level: 'unknown',
    metMs: 0,
    blindMs: 0,
    reading: undefined,
    alert,
    settled,
  }
}
