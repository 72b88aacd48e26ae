import type { ServerResponse } from 'node:http'
import { ApiError, type Payload } from './bot-api-render.ts'

// Telegram keeps updates for a day; a demo makes a few a minute.
const MAX_UPDATES = 10_000
const BATCH = 100

type Poll = {
  offset: number
  resolve(updates: readonly Payload[]): void
  reject(error: Error): void
}

/** The updates that wait for the bot, handed out by long polling as Telegram does. */
export class UpdateQueue {
  #updates: (Payload & { update_id: number })[] = []
  #lastId = 100
  #poll: Poll | undefined

  get size(): number {
    return this.#updates.length
  }

  add(update: Payload): void {
    this.#lastId += 1
    this.#updates.push({ ...update, update_id: this.#lastId })
    if (this.#updates.length > MAX_UPDATES) this.#updates.shift()
    this.#poll?.resolve(this.#updates.slice(0, BATCH))
  }

  /**
   * Confirms what lies before the offset and returns what does not, waiting for it up to the
   * timeout. Another poll that waits is ended with 409.
   */
  take(offset: number, timeoutSeconds: number, response: ServerResponse) {
    this.#poll?.reject(
      new ApiError(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      ),
    )
    this.#updates = this.#updates.filter(({ update_id: id }) => id >= offset)
    if (this.#updates.length > 0 || timeoutSeconds <= 0) return this.#updates.slice(0, BATCH)
    return new Promise<readonly Payload[]>((resolve, reject) => {
      const timer = setTimeout(() => poll.resolve([]), timeoutSeconds * 1000)
      const end = () => {
        clearTimeout(timer)
        if (this.#poll === poll) this.#poll = undefined
      }
      const poll: Poll = {
        offset,
        resolve(updates) {
          end()
          resolve(updates)
        },
        reject(error) {
          end()
          reject(error)
        },
      }
      this.#poll = poll
      response.once('close', () => poll.resolve([]))
    })
  }

  /** Ends the poll that waits. */
  close(): void {
    this.#poll?.resolve([])
  }
}
