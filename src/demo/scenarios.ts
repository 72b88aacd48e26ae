import type { BotApi } from './bot-api.ts'
import type { DemoClock } from './clock.ts'
import type { DemoNode } from './demo-node.ts'
import type { Going, ScenarioName } from './scenario.ts'
import { rushAt } from './traffic-demo.ts'
import type { Rush } from './traffic-plan.ts'

export type ScenarioParts = {
  node: Pick<DemoNode, 'world' | 'lnd' | 'walletState'>
  api: Pick<BotApi, 'cut'>
  clock: DemoClock
}

const MINUTE = 60_000
// LND's own way from stopped to active. A locked wallet rings after a minute and a half: the longest
// wait there makes one alert that is soon over.
const RESTART = [
  ['WAITING_TO_START', 'LND has stopped: nobody hears its events', MINUTE],
  ['LOCKED', 'LND waits for somebody to unlock its wallet', 4 * MINUTE],
  ['RPC_ACTIVE', 'LND starts: its RPC server is not ready', MINUTE],
] as const
// Longer than what an alert may be late without saying so, and long enough at forty times life to be seen.
const OUTAGE_MS = 15 * MINUTE
// The alert of a crowd is over some three quarters of an hour after it.
const AFTERMATH_MS = 50 * MINUTE

const CALM: Going = { scenario: 'calm', words: 'A calm day', until: undefined }

/** Lets one scenario at a time happen to the demo; the next one ends the former. */
export class Scenarios implements Disposable {
  readonly #parts: ScenarioParts
  readonly #onChange: () => void
  #going: Going = CALM
  #run = new AbortController()
  #rounds = 0

  /** `onChange` is called whenever something else is going on. */
  constructor(parts: ScenarioParts, onChange: () => void) {
    this.#parts = parts
    this.#onChange = onChange
  }

  get going(): Going {
    return this.#going
  }

  /** Begins a scenario now; what a former one broke is whole again. */
  begin(scenario: ScenarioName): void {
    if (scenario === 'spike') this.watch(this.#crowd())
    else if (scenario === 'restart') this.#follow((signal) => this.#restart(signal))
    else if (scenario === 'outage') this.#follow((signal) => this.#outage(signal))
    else this.#follow(async () => undefined)
  }

  /** Tells of a crowd that comes, from its beginning until its alert has faded. */
  watch(rush: Rush): void {
    this.#follow((signal) => this.#tellOf(rush, signal))
  }

  [Symbol.dispose](): void {
    this.#run.abort()
    this.#mend()
  }

  /** Lets a story take the place of the one that goes on; in the end all is calm. */
  #follow(story: (signal: AbortSignal) => Promise<void>): void {
    this.#run.abort()
    this.#mend()
    this.#run = new AbortController()
    const { signal } = this.#run
    this.#tell(CALM)
    void story(signal).then(() => {
      if (signal.aborted) return
      this.#mend()
      this.#tell(CALM)
    })
  }

  async #tellOf(rush: Rush, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts
    const peer = this.#aliasOf(rush)
    await this.#until(rush.at, signal)
    const lastsMs = rush.at + rush.lastsMs - clock.now()
    await this.#stage('spike', `Payments to ${peer} fail: it is away`, lastsMs, signal)
    await this.#stage('spike', `${peer} is back, and the alert fades`, AFTERMATH_MS, signal)
  }

  async #restart(signal: AbortSignal): Promise<void> {
    const { node } = this.#parts
    for (const [state, words, lastsMs] of RESTART) {
      if (signal.aborted) return
      if (state === 'WAITING_TO_START') node.lnd.endStreams('error')
      node.walletState = state
      await this.#stage('restart', words, lastsMs, signal)
    }
  }

  async #outage(signal: AbortSignal): Promise<void> {
    this.#parts.api.cut(true)
    const peer = this.#aliasOf(this.#crowd())
    const words = `Telegram is out of reach, while payments to ${peer} fail`
    await this.#stage('outage', words, OUTAGE_MS, signal)
  }

  #crowd(): Rush {
    const { world } = this.#parts.node
    const rush = rushAt(world.now(), this.#rounds++)
    world.rush(rush)
    return rush
  }

  #aliasOf({ flow }: Rush): string {
    const peer = this.#parts.node.world.peers().find(({ name }) => name === flow.to)
    return peer?.alias || flow.to
  }

  /** Says what is going on, for so many ms of the demo's clock. */
  async #stage(
    scenario: ScenarioName,
    words: string,
    lastsMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) return
    const until = this.#parts.clock.now() + lastsMs
    this.#tell({ scenario, words, until })
    await this.#until(until, signal)
  }

  async #until(at: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts
    while (!signal.aborted && clock.now() < at) await clock.sleep(at - clock.now(), signal)
  }

  #tell(going: Going): void {
    this.#going = going
    this.#onChange()
  }

  #mend(): void {
    this.#parts.node.walletState = 'SERVER_ACTIVE'
    this.#parts.api.cut(false)
  }
}
