import { type Alert, keyOf } from './alert.ts'
import { DAY_MS } from './kind.ts'

const KEPT_MS = 7 * DAY_MS
// 4,000 × about 1 kB: a week of 500 a day. Alerts that fire or were not told yet are never dropped.
const MAX_KEPT = 4_000

/** The alerts of the last week by their ids, and the last one of each condition. */
export class AlertShelf {
  readonly #alerts = new Map<string, Alert>()
  readonly #last = new Map<string, Alert>()

  add(alert: Alert): void {
    this.#alerts.set(alert.id, alert)
    this.#last.set(keyOf(alert), alert)
  }

  get(id: string): Alert | undefined {
    return this.#alerts.get(id)
  }

  /** Returns the last alert of a condition, by its key. */
  last(key: string): Alert | undefined {
    return this.#last.get(key)
  }

  all(): IterableIterator<Alert> {
    return this.#alerts.values()
  }

  /** Drops what has been over for a week by then, or is beyond the cap, and returns it. */
  forgetOld(steady: number, isTold: (id: string) => boolean): readonly Alert[] {
    const dropped: Alert[] = []
    for (const alert of this.#alerts.values()) {
      const { id, state, isStillOn, steadyResolved = steady } = alert
      if (state === 'firing' || isStillOn) continue
      const isOld = steady - steadyResolved > KEPT_MS
      const isBeyond = this.#alerts.size - dropped.length > MAX_KEPT
      if (isOld || (isBeyond && isTold(id))) dropped.push(alert)
    }
    for (const alert of dropped) this.#forget(alert)
    return dropped
  }

  #forget(alert: Alert): void {
    const key = keyOf(alert)
    this.#alerts.delete(alert.id)
    if (this.#last.get(key) === alert) this.#last.delete(key)
  }
}
