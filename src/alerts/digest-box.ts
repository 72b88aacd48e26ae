import {
  type DigestSchedule,
  type DueDigest,
  dueDigest,
  endOfDigest,
  nextDigestAt,
} from './digest-schedule.ts'

/** A digest on its way into a chat. */
export type DigestPost = DueDigest & {
  /**
   * `sending`: its call is under way, and if it is found so at a start nobody knows how it ended;
   * `unsure`: it ended without an answer.
   */
  state: 'due' | 'sending' | 'unsure'
  /** Steady ms of the last try. */
  steadyTried: number
  /** It was sent before and may have arrived. */
  isRepeat: boolean
  /** How often Telegram refused it for its form: then it goes without a picture, then without tags. */
  refusals: number
}

/** After so many refusals it goes in its last form. */
export const LAST_FORM = 2

/** What is kept of a chat's digests. */
export type DigestState = {
  /** The schedule by which it was last looked, and since when (epoch ms) it is in force. */
  schedule: DigestSchedule | undefined
  since: number
  /** The local dates that are done with, the latest last. */
  dates: readonly string[]
  /** The latest digest, until it has arrived: nobody wants to read those before it. */
  post: DigestPost | undefined
}

// A list and not the last date: a clock that was set forward by mistake and back again must neither
// repeat a digest nor keep back those until then. 40 × 12 bytes.
const MAX_DATES = 40

/** The digests of one chat: each is queued once for its local date, and kept until it has arrived. */
export class DigestBox {
  #state: DigestState
  #isDirty: boolean

  constructor(state?: DigestState) {
    this.#isDirty = state === undefined
    this.#state = state ?? { schedule: undefined, since: 0, dates: [], post: undefined }
  }

  get state(): DigestState {
    return this.#state
  }

  get post(): DigestPost | undefined {
    return this.#state.post
  }

  /** Takes over what was kept. What was being sent may have arrived, and nobody waits for it. */
  static restore(state: DigestState, steady: number): DigestBox {
    const { post } = state
    if (post === undefined) return new DigestBox(state)
    const isUnsure = post.state !== 'due'
    const steadyTried = Math.min(post.steadyTried, steady - 60_000)
    const found = { ...post, state: isUnsure ? ('unsure' as const) : post.state, steadyTried }
    return new DigestBox({ ...state, post: found })
  }

  /** Returns the digest that is due; takes note of the schedule where it is another than before. */
  look(schedule: DigestSchedule, now: number): DueDigest | undefined {
    const { schedule: known, since } = this.#state
    // Since a time that has not come yet: the clock was ahead when the schedule was noted.
    if (!isSame(schedule, known) || since > now) this.#change({ schedule, since: now })
    return dueDigest({ now, schedule, since: this.#state.since, dates: this.#state.dates })
  }

  /** Returns when the next digest comes by a schedule (epoch ms); undefined when none does. */
  next(schedule: DigestSchedule, now: number): number | undefined {
    const { schedule: known, since, dates } = this.#state
    return nextDigestAt({ now, schedule, since: isSame(schedule, known) ? since : now, dates })
  }

  /** Puts a digest in place of the one before, and is done with its date. */
  queue(due: DueDigest): void {
    const rest = { state: 'due', steadyTried: 0, isRepeat: false, refusals: 0 } as const
    this.skip(due.date)
    this.#change({ post: { ...due, ...rest } })
  }

  /** Is done with a date without a digest. */
  skip(date: string): void {
    this.#change({ dates: [...this.#state.dates, date].slice(-MAX_DATES) })
  }

  /** Whether a digest is too old by now to be sent. */
  isOver(post: DigestPost, now: number, timeZone: string): boolean {
    return now >= endOfDigest(post, timeZone)
  }

  /** Notes that the digest is about to be sent. */
  begin(steady: number): DigestPost | undefined {
    const { post } = this.#state
    if (post === undefined) return undefined
    const isRepeat = post.isRepeat || post.state === 'unsure'
    const begun: DigestPost = { ...post, state: 'sending', isRepeat, steadyTried: steady }
    this.#change({ post: begun })
    return begun
  }

  /** Notes how the try to send a digest ended; one that has been replaced since is nobody's. */
  conclude(tried: DigestPost, how: 'sent' | 'not-sent' | 'ambiguous' | 'bad-message'): void {
    if (this.#state.post !== tried) return
    const refusals = tried.refusals + (how === 'bad-message' ? 1 : 0)
    if (how === 'sent' || refusals > LAST_FORM) {
      this.drop()
      return
    }
    const state = how === 'ambiguous' || tried.isRepeat ? 'unsure' : 'due'
    this.#change({ post: { ...tried, state, refusals } })
  }

  /** Gives up what is on its way. */
  drop(): void {
    if (this.#state.post) this.#change({ post: undefined })
  }

  /** The chat has another id: all of it is to be written anew. */
  moveOut(): void {
    this.#isDirty = true
  }

  /** Returns what is to be written, when it changed since the last call. */
  takeChanges(): DigestState | undefined {
    const changed = this.#isDirty ? this.#state : undefined
    this.#isDirty = false
    return changed
  }

  #change(change: Partial<DigestState>): void {
    this.#state = { ...this.#state, ...change }
    this.#isDirty = true
  }
}

function isSame(a: DigestSchedule, b: DigestSchedule | undefined): boolean {
  return (
    a.daily === b?.daily &&
    a.weekly === b.weekly &&
    a.minute === b.minute &&
    a.timeZone === b.timeZone
  )
}
