import type { Clock } from '../clock.ts'

/** What Telegram shows under the title of a chat while an answer is under way. */
export type ChatAction = 'typing' | 'upload_photo' | 'upload_document'

export type ProgressParts = {
  clock: Clock
  /** Shows the action once; Telegram takes it away after five seconds or with the next message. */
  show(action: ChatAction): void
  /** Called once when the answer turns out to take long. */
  onSlow?(): void
}

// Faster answers need no promise; what takes longer looks like nothing happened.
const PATIENCE_MS = 300
const REPEAT_MS = 4_500

/** Shows that an answer is under way, from a moment after its beginning until it is disposed. */
export class Progress implements Disposable {
  action: ChatAction = 'typing'
  readonly #done = new AbortController()

  constructor(parts: ProgressParts) {
    void this.#run(parts)
  }

  [Symbol.dispose](): void {
    this.#done.abort()
  }

  async #run({ clock, show, onSlow }: ProgressParts): Promise<void> {
    const { signal } = this.#done
    await clock.sleep(PATIENCE_MS, signal)
    if (!signal.aborted) onSlow?.()
    while (!signal.aborted) {
      show(this.action)
      await clock.sleep(REPEAT_MS, signal)
    }
  }
}
