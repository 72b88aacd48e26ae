/** Days and times of the demo's clock, in the zone that the bot writes in. */
export class Times {
  #day
  #short
  #time

  /** @param {string} timeZone */
  constructor(timeZone) {
    const day = { weekday: 'long', day: 'numeric', month: 'long', timeZone }
    this.#day = new Intl.DateTimeFormat('en-GB', /** @type {Intl.DateTimeFormatOptions} */ (day))
    this.#short = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone })
    this.#time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone })
  }

  /** @param {number} at */
  day(at) {
    return this.#day.format(at)
  }

  /** @param {number} at */
  time(at) {
    return this.#time.format(at)
  }

  /** @param {number} at */
  dayAndTime(at) {
    return `${this.#day.format(at)}, ${this.#time.format(at)}`
  }

  /** The time of one of today's messages, the date of an older one. @param {number} at @param {number} now */
  when(at, now) {
    return this.day(at) === this.day(now) ? this.time(at) : this.#short.format(at)
  }
}

/** So long as a person waits: `40 s`, `6 min`. @param {number} ms */
export function waitOf(ms) {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  return seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}
