import type { ServerWritableStream } from '@grpc/grpc-js'

// LND's own queue for a subscriber knows no bound; a million events of 100 bytes are 100 MB.
const MAX_QUEUED = 1_000_000

/** One reader of a stream, served at its own pace: what it does not take yet is queued. */
export class Subscriber {
  readonly #call: ServerWritableStream<unknown, unknown>
  #queue: Buffer[] = []
  #next = 0
  #waiting = false

  constructor(call: ServerWritableStream<unknown, unknown>) {
    this.#call = call
    call.on('drain', () => this.#flush())
  }

  /** Sends a message, or queues it; ends the stream of a reader that is hopelessly behind. */
  send(message: Buffer): void {
    if (!this.#waiting) {
      this.#waiting = !this.#call.write(message)
      return
    }
    this.#queue.push(message)
    if (this.#queue.length - this.#next > MAX_QUEUED) this.end('the subscriber is too slow')
  }

  /** Ends the stream: cleanly, or with LND's code and this text. What is queued is lost. */
  end(error?: string): void {
    this.#queue = []
    this.#next = 0
    this.#waiting = false
    if (error === undefined) this.#call.end()
    else this.#call.emit('error', { code: 2, details: error })
  }

  #flush(): void {
    this.#waiting = false
    while (this.#next < this.#queue.length && !this.#waiting) {
      this.#waiting = !this.#call.write(this.#queue[this.#next])
      this.#next += 1
    }
    if (this.#next < this.#queue.length) return
    this.#queue = []
    this.#next = 0
  }
}
