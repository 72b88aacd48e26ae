import type { AlertKind, Level, Reading } from '../analyzer/reading.ts'
import { Parents, type PeerOf } from './absorption.ts'
import { type Alert, alertId, keyOf } from './alert.ts'
import { AlertShelf } from './alert-shelf.ts'
import { type Condition, conditionOf, elapse, setLevel } from './condition.ts'
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
import { type AlertRule, GROUP_WAIT_MS, MINUTE_MS } from './kind.ts'

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

// What happened in a longer time between two passes was not observed: the program hung, or slept.
const LONGEST_STEP_MS = 2 * MINUTE_MS

/** All alerts and the conditions under them: what fires, what is over, what is part of what. */
export class AlertBook {
  readonly #rules: ReadonlyMap<AlertKind, AlertRule>
  readonly #shelf = new AlertShelf()
  readonly #conditions = new Map<string, Condition>()
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
      this.#shelf.add(alert)
      if (alert.state === 'firing') this.#watch(conditionOf(alert, { alert }))
      else if (alert.isStillOn) this.#watch(conditionOf(alert, { settled: alert }))
    }
  }

  get(id: string): Alert | undefined {
    return this.#shelf.get(id)
  }

  all(): IterableIterator<Alert> {
    return this.#shelf.all()
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
    for (const [key, condition] of this.#conditions) {
      if (!mentioned.has(key))
        this.#set(condition, blindKinds.has(condition.kind) ? 'unknown' : 'calm', now)
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
    const alert = this.#shelf.get(id)
    if (alert?.state !== 'firing' || alert.acknowledged) return false
    alert.acknowledged = { by, at: now }
    alert.revision += 1
    this.#changed.add(alert)
    return true
  }

  /** Ends an alert because what it shows is the new normal; false when it is over already. */
  settle(id: string, now: number): boolean {
    const alert = this.#shelf.get(id)
    const condition = alert && this.#conditions.get(keyOf(alert))
    if (condition === undefined || condition.alert !== alert) return false
    this.#end(condition, 'new-level', now)
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
    const dropped = this.#shelf.forgetOld(this.steady, isTold)
    for (const alert of dropped) this.#changed.delete(alert)
    return dropped.map(({ id }) => id)
  }

  #watch(condition: Condition): void {
    this.#conditions.set(keyOf(condition), condition)
  }

  #elapse(elapsedMs: number): void {
    const ms = Math.min(Math.max(0, elapsedMs), LONGEST_STEP_MS)
    this.steady += ms
    for (const condition of this.#conditions.values()) {
      const isDue = elapse(condition, ms)
      if (isDue && condition.alert) this.#changed.add(condition.alert)
    }
  }

  #read(key: string, reading: Reading, now: number): void {
    const { level } = reading
    let condition = this.#conditions.get(key)
    if (condition === undefined) {
      if (level === 'calm' || level === 'unknown') return
      condition = conditionOf(reading, {})
      this.#conditions.set(key, condition)
    }
    if (level !== 'unknown') condition.reading = reading
    this.#set(condition, level, now)
  }

  #set(condition: Condition, level: Level, now: number): void {
    const isNews = setLevel(condition, level, now)
    if (isNews && condition.alert) this.#changed.add(condition.alert)
  }

  #move(now: number, isObserved: boolean): void {
    const parents = this.#parents()
    for (const [key, condition] of this.#conditions) {
      if (condition.alert) this.#goOn(condition, condition.alert, now, isObserved)
      else if (condition.level === 'fire') this.#maybeFire(key, condition, parents, now)
      if (condition.alert === undefined && condition.level === 'calm') this.#drop(key, condition)
    }
    this.#absorbAll()
  }

  #drop(key: string, { settled }: Condition): void {
    this.#conditions.delete(key)
    if (settled === undefined) return
    settled.isStillOn = false
    this.#changed.add(settled)
  }

  #goOn(condition: Condition, alert: Alert, now: number, isObserved: boolean): void {
    const rule = this.#rules.get(condition.kind)
    const { level, reading } = condition
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
    if (isNewLevel(reading)) this.#end(condition, 'new-level', now)
    else if (alert.calmMs >= calmNeededMs(alert, rule)) this.#end(condition, 'calm', now)
  }

  #maybeFire(key: string, condition: Condition, parents: Parents, now: number): void {
    const rule = this.#rules.get(condition.kind)
    const { reading, metMs } = condition
    if (rule === undefined || reading === undefined || condition.settled) return
    const isStirring = parents.areStirring(condition.kind, condition.subject)
    if (metMs < rule.waitMs(reading.facts) + (isStirring ? GROUP_WAIT_MS : 0)) return
    const moment: Moment = { now, steady: this.steady }
    const last = this.#shelf.last(key)
    if (last && isSameEpisode(last, moment)) {
      fireAgain(last, reading, moment)
      condition.alert = last
    } else {
      this.serial += 1
      condition.alert = born(alertId(this.serial), reading, moment)
      this.#shelf.add(condition.alert)
    }
    this.#changed.add(condition.alert)
  }

  #end(condition: Condition, ending: 'calm' | 'new-level', now: number): void {
    const { alert } = condition
    if (alert === undefined) return
    end(alert, ending, { now, steady: this.steady })
    condition.alert = undefined
    condition.metMs = 0
    this.#changed.add(alert)
    if (ending === 'calm') return
    condition.settled = alert
    this.#settled.push({ kind: alert.kind, subject: alert.subject })
  }

  #parents(): Parents {
    return new Parents(this.#rules, this.#conditions, this.#peerOf)
  }

  /** Makes alerts part of others, and sets free those whose parent is over. */
  #absorbAll(): void {
    const parents = this.#parents()
    for (const { alert } of this.#conditions.values()) {
      if (alert === undefined) continue
      const parent = parents.of(alert)
      const id = parent?.parent ?? parent?.id
      if (id === alert.parent) continue
      const isOrphaned = id === undefined && this.#shelf.get(alert.parent ?? '')?.state !== 'firing'
      alert.aloneMs = isOrphaned ? 0 : undefined
      alert.parent = id
      alert.revision += 1
      this.#changed.add(alert)
    }
  }
}

/** Whether it is over because what lasted is the usual now. */
function isNewLevel(reading: Reading | undefined): boolean {
  return reading?.facts.kind === 'spike' && reading.facts.isNewLevel
}
