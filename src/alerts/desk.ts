import type { PeerOf } from './absorption.ts'
import type { Alert } from './alert.ts'
import { AlertBook, type Observation } from './book.ts'
import { type Doc, deskDocuments, moved, readDesk } from './desk-documents.ts'
import { DigestBox } from './digest-box.ts'
import type { AlertRule } from './kind.ts'
import { Mailbox } from './mailbox.ts'

/**
 * Where alerts meet the chats: what fires is noted in the mailbox of each chat in the same breath,
 * so that both reach the disk in one batch. Has no clock and does no I/O.
 */
export class AlertDesk {
  readonly book: AlertBook
  readonly #boxes = new Map<number, Mailbox>()
  readonly #gone = new Set<string>()
  readonly #changed = new Set<Alert>()
  readonly peerOf: PeerOf

  constructor(rules: readonly AlertRule[], peerOf: PeerOf) {
    this.book = new AlertBook(rules, peerOf)
    this.peerOf = peerOf
  }

  /**
   * Reads a desk back from its documents, as `takeDocuments` gave them.
   * @throws Error naming the document when one is not readable.
   */
  static restore(
    rules: readonly AlertRule[],
    peerOf: PeerOf,
    documents: ReadonlyMap<string, unknown>,
    now: number,
  ): AlertDesk {
    const desk = new AlertDesk(rules, peerOf)
    const { book, alerts, boxes } = readDesk(documents, now)
    desk.book.restore(alerts, book.serial, book.steady)
    for (const { chatId, state, notices, letters, digests } of boxes) {
      const kept = digests && DigestBox.restore(digests, desk.book.steady)
      const box = new Mailbox(desk.book, state, kept)
      box.restore(notices, letters)
      desk.#boxes.set(chatId, box)
    }
    return desk
  }

  /** Returns the mailbox of a chat, and opens one for a chat that has none. */
  box(chatId: number): Mailbox {
    const known = this.#boxes.get(chatId)
    if (known) return known
    const box = new Mailbox(this.book)
    this.#boxes.set(chatId, box)
    return box
  }

  boxes(): IterableIterator<[number, Mailbox]> {
    return this.#boxes.entries()
  }

  /** Takes in what was measured. */
  observe(observation: Observation): void {
    this.book.observe(observation)
    this.#spread()
    this.#forgetOld()
  }

  /** Lets time pass between observations. */
  pass(now: number, elapsedMs: number): void {
    this.book.pass(now, elapsedMs)
    this.#spread()
  }

  acknowledge(id: string, by: string, now: number): boolean {
    const isDone = this.book.acknowledge(id, by, now)
    this.#spread()
    return isDone
  }

  settle(id: string, now: number): boolean {
    const isDone = this.book.settle(id, now)
    this.#spread()
    return isDone
  }

  /** The chat can be reached again: it hears in one message what it missed. */
  welcomeBack(chatId: number): void {
    const box = this.#boxes.get(chatId)
    if (box && box.due.size > 0) box.change({ isBack: true })
  }

  /** Forgets a chat with all that it was told. */
  close(chatId: number): void {
    const box = this.#boxes.get(chatId)
    if (box === undefined) return
    this.#boxes.delete(chatId)
    for (const { key } of deskDocuments.box(chatId, box.everything())) this.#gone.add(key)
  }

  /** Follows a group to its new id; returns the documents to be written with the chat's own. */
  migrate(from: number, to: number): readonly Doc[] {
    const box = this.#boxes.get(from)
    if (box === undefined || from === to) return []
    box.moveOut()
    this.#boxes.delete(from)
    this.#boxes.set(to, box)
    return moved(from, to, box.everything())
  }

  /** Returns all documents that changed since the last call: one batch, the state of one moment. */
  takeDocuments(now: number): readonly Doc[] {
    const docs: Doc[] = [...this.#gone].map((key) => ({ key, value: undefined }))
    this.#gone.clear()
    for (const alert of this.#changed) docs.push(deskDocuments.alert(alert))
    this.#changed.clear()
    for (const [chatId, box] of this.#boxes) {
      docs.push(...deskDocuments.box(chatId, box.takeChanges()))
    }
    if (docs.length > 0) docs.push(deskDocuments.book(this.book, now))
    return docs
  }

  #spread(): void {
    for (const alert of this.book.takeChanged()) {
      this.#changed.add(alert)
      for (const box of this.#boxes.values()) box.note(alert)
    }
  }

  #forgetOld(): void {
    const boxes = [...this.#boxes.values()]
    const dropped = this.book.forgetOld((id) => boxes.every((box) => box.isDone(id)))
    if (dropped.length === 0) return
    for (const id of dropped) {
      this.#gone.add(deskDocuments.alertKey(id))
      for (const box of boxes) box.forget(id)
    }
    for (const alert of this.#changed) if (!this.book.get(alert.id)) this.#changed.delete(alert)
    for (const box of boxes) box.dropOldLetters()
  }
}
