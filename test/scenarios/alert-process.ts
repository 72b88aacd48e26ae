import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { encode } from '../../src/store/codec.ts'
import type { Command } from './alert-child.ts'

const CHILD = fileURLToPath(new URL('./alert-child.ts', import.meta.url))

/** The program as a process of its own. */
export class AlertProcess {
  readonly child: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(child: ChildProcess) {
    this.child = child
    // What is killed does not read to the end.
    child.stdin?.on('error', () => undefined)
    if (!child.stdout) throw new Error('unreachable')
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  /** Starts it; it kills itself at the point that is named. */
  static async start(
    apiUrl: string,
    file: string,
    start: number,
    killAt = '',
  ): Promise<AlertProcess> {
    const args = ['--import', 'tsx', CHILD, apiUrl, file, String(start), killAt]
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const started = new AlertProcess(child)
    await started.#lines.next()
    return started
  }

  /** Lets it live through minutes; false when it died meanwhile. */
  async live(command: Command): Promise<boolean> {
    this.child.stdin?.write(`${encode('command', command)}\n`)
    return (await this.#lines.next()).value === 'done'
  }

  /** Waits until it has killed itself, or was killed by somebody else. */
  async died(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit')
    }
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const isGone = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await isGone
  }
}
