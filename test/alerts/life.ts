import type { Api } from 'grammy'
import type { Clock } from '../../src/clock.ts'
import type { Documents } from '../../src/store/documents.ts'

/** A promise of its own each time: one for all would keep every life that ever waited. */
function never(): Promise<never> {
  return new Promise(() => undefined)
}

/**
 * One life of a program in this process. When it ends, whatever it waits for never comes: not a line
 * of it runs again, as after a kill -9. It ends when it is told to, or at the n-th thing it waits for.
 */
export class Life {
  isOver = false
  /** Writes under way. */
  writing = 0
  /** Waits so far, and the one at which it ends: before it is carried out, or just after. */
  waits = 0
  #endsAt = Number.POSITIVE_INFINITY
  #isAfter = false

  end(): void {
    this.isOver = true
  }

  endAt(wait: number, isAfter: boolean): void {
    this.#endsAt = this.waits + wait
    this.#isAfter = isAfter
  }

  clock(clock: Clock): Clock {
    return { ...clock, sleep: (ms, signal) => this.#live(() => clock.sleep(ms, signal)) }
  }

  disk(documents: Documents): Documents {
    return {
      read: (key) => documents.read(key),
      readAll: (prefix) => documents.readAll(prefix),
      write: (docs) => this.#live(() => this.#count(documents.write(docs))),
    }
  }

  api(api: Api): Api {
    const { raw } = api
    const through = (name: 'sendMessage' | 'editMessageText') => (payload: never) =>
      this.#live(() => (raw[name] as (payload: never) => Promise<unknown>)(payload))
    const kept = {
      sendMessage: through('sendMessage'),
      editMessageText: through('editMessageText'),
    }
    return { raw: kept } as unknown as Api
  }

  async #count(write: Promise<void>): Promise<void> {
    this.writing += 1
    await write.finally(() => {
      this.writing -= 1
    })
  }

  async #live<T>(act: () => Promise<T>): Promise<T> {
    if (this.isOver) return never()
    this.waits += 1
    const isLast = this.waits >= this.#endsAt
    if (isLast && !this.#isAfter) this.end()
    if (this.isOver) return never()
    try {
      return await act()
    } finally {
      if (isLast) this.end()
      if (this.isOver) await never()
    }
  }
}
