import type { Alert } from './alert.ts'
import type { AlertBook } from './book.ts'
import type { HoldReason } from './decide.ts'
import { DigestBox, type DigestState } from './digest-box.ts'
import { DAY_MS } from './kind.ts'
import { type Draft, type Letter, type Notice, newNotice, showsAlerts } from './letter.ts'
import {
  isInForce,
  isSameTarget,
  type Mute,
  type MuteSpan,
  type MuteTarget,
  muteOf,
} from './mutes.ts'
import { type Preferences, USUAL_PREFERENCES } from './preferences.ts'

/** What a mailbox keeps of itself beside its notices and letters. */
export type MailboxState = {
  preferences: Preferences
  mutes: readonly Mute[]
  nextLetter: number
  nextMute: number
  /** Steady ms since when the chat is told of alerts. */
  openedSteady: number
  /** The chat could not be reached for a while and has not been told yet what it missed. */
  isBack: boolean
}

// Mutes in force at once: more are lost sight of anyway. 200 × 150 bytes.
const MAX_MUTES = 200

/** A mailbox, or what changed of it: undefined in place of a notice or letter that is gone. */
export type BoxContent = {
  state: MailboxState | undefined
  notices: readonly (readonly [string, Notice | undefined])[]
  letters: readonly (readonly [number, Letter | undefined])[]
  digests: DigestState | undefined
}

/** What one chat is to be told, was told and does not want to be told. */
export class Mailbox {
  readonly #book: AlertBook
  readonly digests: DigestBox
  readonly notices = new Map<string, Notice>()
  readonly letters = new Map<number, Letter>()
  /** Notices that are not done. */
  readonly due = new Set<Notice>()
  /** Letters that may need an edit, an answer or another try. */
  readonly live = new Set<Letter>()
  /** Letters that told of something new within a day, oldest first. */
  lately: Letter[] = []
  #state: MailboxState
  /** How the notices of a letter stood before it, for as long as it may certainly not have arrived. */
  readonly #before = new WeakMap<Letter, Map<string, Omit<Notice, 'alert'>>>()
  #dirtyNotices = new Set<string>()
  #dirtyLetters = new Set<number>()
  #isDirty = true

  constructor(book: AlertBook, state?: MailboxState, digests = new DigestBox()) {
    this.#book = book
    this.digests = digests
    this.#state = state ?? {
      preferences: USUAL_PREFERENCES,
      mutes: [],
      nextLetter: 1,
      nextMute: 1,
      openedSteady: book.steady,
      isBack: false,
    }
  }

  get state(): MailboxState {
    return this.#state
  }

  /** Takes over what was kept. What was being sent may have arrived. */
  restore(notices: readonly Notice[], letters: readonly Letter[]): void {
    for (const notice of notices) this.#keep(notice)
    for (const letter of [...letters].sort((a, b) => a.id - b.id)) {
      if (letter.state === 'sending') letter.state = 'unsure'
      // The program that sent it is gone: there is nothing to wait for.
      letter.steadyTried = Math.min(letter.steadyTried, this.#book.steady - 60_000)
      this.#add(letter)
    }
    this.#isDirty = false
    this.#dirtyNotices.clear()
  }

  /** Notes that an alert changed: a new reason to ring makes a notice due. */
  note(alert: Alert): void {
    const known = this.notices.get(alert.id)
    if (known) {
      if (known.told < alert.rings) this.due.add(known)
    } else if (alert.steadyRing >= this.#state.openedSteady) {
      this.#keep(newNotice(alert.id))
    }
    const letter = this.letters.get(known?.letter ?? 0)
    if (letter) this.live.add(letter)
  }

  /** Notes why a notice waits. */
  hold(notice: Notice, reason: HoldReason): void {
    notice.steadyHeld = this.#book.steady
    if (notice.held === reason) return
    notice.held = reason
    this.#dirtyNotices.add(notice.alert)
  }

  /** Notes that there is nothing to say of an alert until it gives a new reason. */
  rest(notice: Notice): void {
    notice.told = this.#book.get(notice.alert)?.rings ?? notice.told
    notice.held = undefined
    this.due.delete(notice)
    this.#dirtyNotices.add(notice.alert)
  }

  /** Makes a letter of a draft, about to be sent. */
  begin(draft: Draft, now: number): Letter {
    const { alerts, ...decided } = draft
    const letter: Letter = {
      id: this.#state.nextLetter,
      ...decided,
      members: alerts.map((alert) => ({ alert, shown: 0, isClosed: false })),
      state: 'sending',
      steadySent: this.#book.steady,
      steadyTried: this.#book.steady,
      steadyJoined: this.#book.steady,
      sentAt: now,
      messageId: undefined,
      isRepeat: false,
      isPlain: false,
      isAnswered: false,
    }
    this.change({ nextLetter: letter.id + 1 })
    this.#add(letter)
    this.#dirtyLetters.add(letter.id)
    this.#before.set(letter, new Map())
    for (const id of alerts) this.#claim(id, letter)
    if (letter.form === 'over') this.#setAnswered(letter, true)
    return letter
  }

  /** Notes that a letter is about to be sent once more. */
  retry(letter: Letter): void {
    if (letter.state === 'unsure') letter.isRepeat = true
    letter.lateMs += this.#book.steady - letter.steadyTried
    letter.state = 'sending'
    letter.steadyTried = this.#book.steady
    this.#dirtyLetters.add(letter.id)
  }

  /** Notes that a letter has arrived, and what it showed. */
  sent(letter: Letter, messageId: number, shown: ReadonlyMap<string, Alert>, now: number): void {
    letter.state = 'sent'
    letter.messageId = messageId
    letter.steadySent = this.#book.steady
    if (letter.cause === 'away') this.change({ isBack: false })
    letter.sentAt = now
    this.shown(letter, shown)
  }

  /** Notes what a letter shows now: copies of the alerts as they were when it was composed. */
  shown(letter: Letter, alerts: ReadonlyMap<string, Alert>): void {
    for (const member of letter.members) {
      const alert = alerts.get(member.alert)
      if (alert === undefined) continue
      member.shown = alert.revision
      member.isClosed = alert.state === 'resolved' || this.isMoved(letter, member.alert)
    }
    letter.steadyTried = this.#book.steady
    this.#dirtyLetters.add(letter.id)
  }

  /** Adds alerts to a list that is shown already. */
  join(letter: Letter, alerts: readonly string[]): void {
    for (const alert of alerts) {
      letter.members.push({ alert, shown: 0, isClosed: false })
      this.#claim(alert, letter)
    }
    letter.steadyJoined = this.#book.steady
    this.live.add(letter)
    this.#dirtyLetters.add(letter.id)
  }

  /** Notes how a try to send a letter ended that did not arrive for certain. */
  failed(letter: Letter, how: 'not-sent' | 'ambiguous' | 'bad-message'): void {
    letter.steadyTried = this.#book.steady
    this.#dirtyLetters.add(letter.id)
    if (how === 'ambiguous') {
      letter.state = 'unsure'
      this.#before.delete(letter)
    } else if (how === 'bad-message') this.#refuse(letter)
    else this.#takeBack(letter)
  }

  /** Notes that there is nothing to edit any more. */
  lose(letter: Letter): void {
    letter.state = 'lost'
    this.#dirtyLetters.add(letter.id)
  }

  /** Notes an edit that Telegram refuses in any form, or that has nothing left to say. */
  retire(letter: Letter): void {
    this.live.delete(letter)
  }

  /** Whether an alert of a letter is shown by a later one. */
  isMoved(letter: Letter, alert: string): boolean {
    return showsAlerts(letter) && this.notices.get(alert)?.letter !== letter.id
  }

  /** Makes a mute, in the place of one that covers the same. */
  mute(target: MuteTarget, span: MuteSpan, now: number): Mute {
    const moment = { now, steady: this.#book.steady }
    const mute = muteOf(this.#state.nextMute, target, span, moment)
    const others = this.mutesInForce(now).filter((one) => !isSameTarget(one, target))
    const mutes = [...others, mute].slice(-MAX_MUTES)
    this.change({ mutes, nextMute: mute.id + 1 })
    return mute
  }

  /** Ends a mute and returns it; undefined when there is none of that number. */
  unmute(id: number): Mute | undefined {
    const mute = this.#state.mutes.find((one) => one.id === id)
    if (mute) this.change({ mutes: this.#state.mutes.filter((one) => one !== mute) })
    return mute
  }

  mutesInForce(now: number): readonly Mute[] {
    return this.#state.mutes.filter((mute) => isInForce(mute, { now, steady: this.#book.steady }))
  }

  change(change: Partial<MailboxState>): void {
    this.#state = { ...this.#state, ...change }
    this.#isDirty = true
  }

  /** Forgets an alert, and the letters that show nothing else. */
  forget(alert: string): void {
    const notice = this.notices.get(alert)
    if (notice === undefined) return
    this.notices.delete(alert)
    this.due.delete(notice)
    this.#dirtyNotices.add(alert)
  }

  /** Drops letters all of whose alerts are forgotten. */
  dropOldLetters(): void {
    for (const letter of this.letters.values()) {
      if (letter.members.some(({ alert }) => this.notices.has(alert))) continue
      this.letters.delete(letter.id)
      this.live.delete(letter)
      this.#dirtyLetters.add(letter.id)
    }
  }

  /** The group has moved: what was said in the old chat is not in the new one. */
  moveOut(): void {
    for (const letter of this.letters.values()) {
      if (letter.state === 'sent') this.lose(letter)
      letter.messageId = undefined
    }
    for (const id of this.notices.keys()) this.#dirtyNotices.add(id)
    for (const id of this.letters.keys()) this.#dirtyLetters.add(id)
    this.#isDirty = true
    this.digests.moveOut()
  }

  /** Whether the chat knows all there is to know of an alert. */
  isDone(alert: string): boolean {
    const notice = this.notices.get(alert)
    if (notice === undefined) return true
    const letter = this.letters.get(notice.letter ?? 0)
    return !this.due.has(notice) && (letter === undefined || !this.live.has(letter))
  }

  /** Returns all that is kept of it. */
  everything(): BoxContent {
    return {
      state: this.#state,
      notices: [...this.notices],
      letters: [...this.letters],
      digests: this.digests.state,
    }
  }

  /** Returns what changed since the last call; undefined values are to be deleted. */
  takeChanges(): BoxContent {
    const changes = {
      state: this.#isDirty ? this.#state : undefined,
      notices: [...this.#dirtyNotices].map((id) => [id, this.notices.get(id)] as const),
      letters: [...this.#dirtyLetters].map((id) => [id, this.letters.get(id)] as const),
      digests: this.digests.takeChanges(),
    }
    this.#isDirty = false
    this.#dirtyNotices.clear()
    this.#dirtyLetters.clear()
    return changes
  }

  #add(letter: Letter): void {
    this.letters.set(letter.id, letter)
    this.live.add(letter)
    if (letter.form !== 'over') this.lately.push(letter)
    const cut = this.lately.findIndex((one) => this.#book.steady - one.steadySent < DAY_MS)
    this.lately = this.lately.slice(Math.max(0, cut))
  }

  #keep(notice: Notice): void {
    this.notices.set(notice.alert, notice)
    this.#dirtyNotices.add(notice.alert)
    if (notice.told < (this.#book.get(notice.alert)?.rings ?? 0)) this.due.add(notice)
  }

  #claim(id: string, letter: Letter): void {
    const notice = this.notices.get(id)
    if (notice === undefined || letter.form === 'over') return
    const { told, held, steadyHeld, letter: shownIn } = notice
    this.#before.get(letter)?.set(id, { told, held, steadyHeld, letter: shownIn })
    const earlier = this.letters.get(shownIn ?? 0)
    if (showsAlerts(letter)) notice.letter = letter.id
    if (earlier) this.live.add(earlier)
    this.rest(notice)
  }

  #setAnswered({ answers }: Letter, isAnswered: boolean): void {
    for (const id of answers) {
      const letter = this.letters.get(id)
      if (letter === undefined) continue
      letter.isAnswered = isAnswered
      this.live.add(letter)
      this.#dirtyLetters.add(id)
    }
  }

  #refuse(letter: Letter): void {
    if (letter.isPlain) {
      this.lose(letter)
      return
    }
    letter.isPlain = true
    letter.state = letter.isRepeat ? 'unsure' : 'unsent'
  }

  /** Undoes a letter that certainly did not arrive: its alerts are due as before. */
  #takeBack(letter: Letter): void {
    const before = this.#before.get(letter)
    if (before === undefined) {
      letter.state = letter.isRepeat ? 'unsure' : 'unsent'
      return
    }
    this.letters.delete(letter.id)
    this.live.delete(letter)
    this.lately = this.lately.filter((one) => one !== letter)
    if (letter.form === 'over') this.#setAnswered(letter, false)
    for (const [id, stood] of before) {
      const notice = this.notices.get(id)
      if (notice === undefined) continue
      Object.assign(notice, stood)
      this.due.add(notice)
      this.#dirtyNotices.add(id)
    }
  }
}
