/** What a recency list links; a node is in at most one list. */
export type Linked<T> = { older: T | undefined; newer: T | undefined }

/**
 * A list ordered by last activity in which touching, adding, removing and finding the oldest all
 * take constant time (a Map's first key does not under churn: V8 skips the deleted ones).
 */
export class Recency<T extends Linked<T>> {
  #oldest: T | undefined
  #newest: T | undefined
  #size = 0

  get oldest(): T | undefined {
    return this.#oldest
  }

  get size(): number {
    return this.#size
  }

  /** Makes a node that is in no list the newest of this one. */
  add(node: T): void {
    node.older = this.#newest
    node.newer = undefined
    if (this.#newest) this.#newest.newer = node
    else this.#oldest = node
    this.#newest = node
    this.#size++
  }

  /** Takes a node out of this list. */
  remove(node: T): void {
    if (node.older) node.older.newer = node.newer
    else this.#oldest = node.newer
    if (node.newer) node.newer.older = node.older
    else this.#newest = node.older
    node.older = undefined
    node.newer = undefined
    this.#size--
  }

  /** Makes a node of this list its newest. */
  touch(node: T): void {
    if (node === this.#newest) return
    this.remove(node)
    this.add(node)
  }

  /** From the oldest to the newest. */
  *[Symbol.iterator](): Generator<T> {
    for (let node = this.#oldest; node; node = node.newer) yield node
  }
}
