import type { OwnChannel } from './own-channel.ts'

/**
 * Numbers for the peers of our channels, so that a remembered demand names one in four bytes. A peer
 * is its pubkey; a channel that LND never listed is its own peer, named by its short channel id.
 * Numbers begin at 1 and are never given twice: there are at most as many as channels ever seen.
 */
export class Peers {
  readonly #ids = new Map<string, number>()
  readonly #keys: string[] = []
  isDirty = false

  /** Returns the number of a channel's peer. */
  idOf(own: OwnChannel): number {
    const key = own.channel?.peer.pubkey ?? own.scid
    if (own.peerKey === key) return own.peerId
    own.peerKey = key
    own.peerId = this.#ids.get(key) ?? this.#add(key)
    return own.peerId
  }

  /** Returns the pubkey (or the short channel id, see above) of a number. */
  keyOf(id: number): string | undefined {
    return this.#keys[id - 1]
  }

  /** All keys, in the order of their numbers. */
  state(): string[] {
    return [...this.#keys]
  }

  restore(keys: readonly string[]): void {
    for (const key of keys) this.#add(key)
    this.isDirty = false
  }

  #add(key: string): number {
    this.#keys.push(key)
    this.#ids.set(key, this.#keys.length)
    this.isDirty = true
    return this.#keys.length
  }
}
