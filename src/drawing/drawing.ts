import { type ChildProcess, type ExecFileException, execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Draws pictures. Disposing it ends what is being drawn; who waits for it gets a DrawingError. */
export type Drawing = AsyncDisposable & {
  /**
   * Returns an SVG as PNG, in the size that the SVG names. Only its own texts and shapes are drawn,
   * texts in the fonts that come with the program.
   * @throws DrawingError when it cannot be drawn, takes too long, or too many wait already.
   */
  draw(svg: string): Promise<Uint8Array>
}

/** Says in one sentence why there is no picture. */
export class DrawingError extends Error {}

export type DrawingOptions = {
  atOnce?: number
  mostWaiting?: number
  timeLimitMs?: number
  /** What the child process runs: SVG on its stdin, PNG on its stdout. */
  program?: string
}

// A child takes 60 MB for some 0.15 s on a server, about a second on a Raspberry Pi: two of them and
// the program (140 MB) stay below 300 MB.
const AT_ONCE = 2
// At the hour of the digest each chat wants one at once, and there may be 200 of them: 100 that are
// configured and 100 that paired. The last waits for 100 others on each place: 20 s on a server, 100 s
// on a Raspberry Pi. Each holds its SVG, some 20 kB: 4 MB in all.
const MOST_WAITING = 200
// Ten times what a Raspberry Pi takes.
const TIME_LIMIT_MS = 10_000
// The charts have some 20 kB, with thousands of gaps 30.
const MAX_SVG_LENGTH = 1_000_000
// The charts have some 100 kB as PNG; Telegram takes photos up to 10 MB.
const MAX_PNG_BYTES = 5_000_000

/**
 * Returns what draws, each picture in a child process of its own: the rasteriser's memory comes back
 * only with the end of its process (600 charts in one took 1 GB). The child inherits no environment,
 * which holds secrets.
 */
export function openDrawing(options: DrawingOptions = {}): Drawing {
  return new ChildDrawing(options)
}

class ChildDrawing implements Drawing {
  readonly #atOnce: number
  readonly #mostWaiting: number
  readonly #timeLimitMs: number
  readonly #program: string
  readonly #children = new Set<ChildProcess>()
  readonly #drawn = new Set<Promise<Uint8Array>>()
  readonly #waiting: (() => void)[] = []
  #busy = 0
  #isClosed = false

  constructor(options: DrawingOptions) {
    this.#atOnce = options.atOnce ?? AT_ONCE
    this.#mostWaiting = options.mostWaiting ?? MOST_WAITING
    this.#timeLimitMs = options.timeLimitMs ?? TIME_LIMIT_MS
    this.#program = options.program ?? besideThis('rasterise')
  }

  async draw(svg: string): Promise<Uint8Array> {
    if (svg.length > MAX_SVG_LENGTH) throw new DrawingError('the picture is too large to be drawn')
    await this.#place()
    const drawn = this.#rasterise(svg)
    this.#drawn.add(drawn)
    try {
      return await drawn
    } finally {
      this.#drawn.delete(drawn)
      this.#leavePlace()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    for (const child of this.#children) child.kill('SIGKILL')
    await Promise.allSettled(this.#drawn)
  }

  /** Waits for one of the few places. */
  async #place(): Promise<void> {
    if (this.#busy < this.#atOnce) {
      this.#busy++
      return
    }
    if (this.#waiting.length >= this.#mostWaiting) {
      throw new DrawingError(`${this.#mostWaiting} pictures wait to be drawn already`)
    }
    // Who leaves hands the place over: `busy` stays as it is.
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #leavePlace(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#busy--
  }

  async #rasterise(svg: string): Promise<Uint8Array> {
    if (this.#isClosed) throw new DrawingError('the program ends')
    const options = {
      encoding: 'buffer',
      env: {},
      timeout: this.#timeLimitMs,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_PNG_BYTES,
    } as const
    return await new Promise((resolve, reject) => {
      const args = [...loaderOf(this.#program), this.#program]
      const child = execFile(process.execPath, args, options, (error, png, messages) => {
        this.#children.delete(child)
        if (error) reject(this.#explain(error, messages))
        else if (!isPng(png)) reject(new DrawingError('what was drawn is no picture'))
        else resolve(png)
      })
      this.#children.add(child)
      // A child that is gone reads no more: its end is told above.
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(svg)
    })
  }

  #explain(error: ExecFileException, messages: Buffer): DrawingError {
    return new DrawingError(this.#reason(error, messages), { cause: error })
  }

  #reason(error: ExecFileException, messages: Buffer): string {
    if (this.#isClosed) return 'the program ends'
    if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'the picture is too large'
    if (error.killed) return `the picture was not drawn within ${this.#timeLimitMs} ms`
    const line = /^(?:\w*Error: )?(.*)$/m.exec(errorLineOf(messages.toString()))?.[1]
    return `the picture could not be drawn (${line || error.signal || `code ${error.code}`})`
  }
}

/** Returns the line of an uncaught error's report that says what it is; empty when there is none. */
function errorLineOf(report: string): string {
  return report.split('\n').find((line) => /^\w*Error: /.test(line)) ?? ''
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)
}

/** Returns the path of a module beside this one, which is TypeScript in development. */
function besideThis(name: string): string {
  return fileURLToPath(new URL(name + extname(import.meta.url), import.meta.url))
}

function loaderOf(program: string): readonly string[] {
  if (!program.endsWith('.ts')) return []
  const tsx = createRequire(import.meta.url).resolve('tsx')
  return ['--import', pathToFileURL(tsx).href]
}
