import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Doc } from './documents.ts'

/** What keeps a memory on disk. */
export type Saver = AsyncDisposable & {
  /** Saves what is unsaved now; throws what the write throws. The documents are kept for the next. */
  flush(): Promise<void>
  /** Attempts that failed since the last that succeeded. */
  failures(): number
  /** Epoch ms of the first of these; undefined when the last succeeded. */
  failingSince(): number | undefined
  /** Documents that a write which failed, or is under way, has not brought to disk. */
  unsaved(): number
  /** Epoch ms of the last save that succeeded, also when nothing was to write; undefined before. */
  lastSavedAt(): number | undefined
  /** Whether the last attempt succeeded. */
  healthy(): boolean
}

export type SaverOptions = {
  /** Writes one atomic batch. */
  write(docs: readonly Doc[]): Promise<void>
  /**
   * Returns copies of the documents that changed since the last call, which their owner then
   * considers saved: all in one go, so that a batch is the state of one moment.
   */
  collect(): readonly Doc[]
  clock: Clock
  log: Log
  everyMs?: number
}

const EVERY_MS = 1_000

/**
 * Saves what changed, once a second. When a write fails, its documents are kept and go with the
 * next, newer values first. Disposal saves a last time and throws when that fails.
 */
export function startSaving(options: SaverOptions): Saver {
  return new PeriodicSaver(options)
}

class PeriodicSaver implements Saver {
  readonly #options: SaverOptions
  readonly #stop = new AbortController()
  readonly #loop: Promise<void>
  // What could not be written, by key: never more than the documents that its owner has.
  readonly #kept = new Map<string, unknown>()
  #tail: Promise<void> = Promise.resolve()
  #failures = 0
  #failingSince: number | undefined
  #lastSavedAt: number | undefined
  #disposal: Promise<void> | undefined

  constructor(options: SaverOptions) {
    this.#options = options
    this.#loop = this.#run(options.clock, options.everyMs ?? EVERY_MS)
  }

  failures(): number {
    return this.#failures
  }

  failingSince(): number | undefined {
    return this.#failingSince
  }

  unsaved(): number {
    return this.#kept.size
  }

  lastSavedAt(): number | undefined {
    return this.#lastSavedAt
  }

  healthy(): boolean {
    return this.#failures === 0
  }

  flush(): Promise<void> {
    const save = this.#tail.then(() => this.#save())
    this.#tail = save.catch(() => undefined)
    return save
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#finish()
    return this.#disposal
  }

  async #finish(): Promise<void> {
    this.#stop.abort()
    await this.#loop
    await this.flush()
  }

  async #run(clock: Clock, everyMs: number): Promise<void> {
    for (;;) {
      await clock.sleep(everyMs, this.#stop.signal)
      if (this.#stop.signal.aborted) return
      // Counted and logged where it happens; the next round tries again.
      await this.flush().catch(() => undefined)
    }
  }

  async #save(): Promise<void> {
    try {
      for (const { key, value } of this.#options.collect()) this.#kept.set(key, value)
      if (this.#kept.size > 0) {
        await this.#options.write(Array.from(this.#kept, ([key, value]) => ({ key, value })))
      }
    } catch (error) {
      this.#failed(error)
      throw error
    }
    this.#saved()
    this.#kept.clear()
  }

  #failed(error: unknown): void {
    this.#failures++
    this.#failingSince ??= this.#options.clock.now()
    if (this.#failures > 1) return
    this.#options.log.error(
      { err: error, documents: this.#kept.size },
      'saving failed; what is unsaved is kept in memory and tried again',
    )
  }

  #saved(): void {
    if (this.#failures > 0) {
      const counts = { failures: this.#failures, documents: this.#kept.size }
      this.#options.log.info(counts, 'saving works again; nothing was lost')
    }
    this.#failures = 0
    this.#failingSince = undefined
    this.#lastSavedAt = this.#options.clock.now()
  }
}
