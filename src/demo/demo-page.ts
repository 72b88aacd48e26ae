import type { BotApi } from './bot-api.ts'
import type { DemoClock } from './clock.ts'
import type { DemoNode } from './demo-node.ts'
import { PageChats } from './page-chats.ts'
import type { PageChat, PageEvent, PageState, PageWish } from './page-contract.ts'
import { type PageServer, startPageServer } from './page-server.ts'
import { Scenarios } from './scenarios.ts'
import type { Rush } from './traffic-plan.ts'

export type DemoPageOptions = {
  api: BotApi
  node: DemoNode
  clock: DemoClock
  chats: readonly PageChat[]
  /** Epoch ms: the past ends here. */
  presentAt: number
  timeZone: string
  port: number | undefined
}

/** The demo's page in the browser. */
export type DemoPage = AsyncDisposable & {
  url: string
  /** The past was played: from now on the speed and what happens can be chosen. */
  live(planned: Rush): void
}

const SPEEDS = [1, 10, 40, 120]
// While the past is played the page shows how far it is; later it keeps its own clock between two looks.
const PAST_LOOK_MS = 250
const LIFE_LOOK_MS = 5_000

/** Serves the page. @throws Error when nothing can be served on loopback. */
export async function openPage(options: DemoPageOptions): Promise<DemoPage> {
  const page = new RunningPage(options)
  await page.listen(options.port)
  return page
}

class RunningPage implements DemoPage {
  readonly #options: DemoPageOptions
  readonly #chats: PageChats
  readonly #scenarios: Scenarios
  readonly #speeds: readonly number[]
  #server: PageServer | undefined
  #look: NodeJS.Timeout | undefined
  #stage: PageState['stage'] = 'past'

  constructor(options: DemoPageOptions) {
    const { api, clock, chats, node } = options
    this.#options = options
    this.#speeds = [...new Set([...SPEEDS, node.speed])].sort((a, b) => a - b)
    const onEvent = (event: PageEvent) => this.#server?.send(event)
    this.#chats = new PageChats({ api, clock, chats, onEvent })
    this.#scenarios = new Scenarios({ api, clock, node }, () => this.#tell())
  }

  get url(): string {
    return this.#server?.url ?? ''
  }

  async listen(port: number | undefined): Promise<void> {
    const parts = {
      hello: () => this.#hello(),
      fileOf: (chatId: number, messageId: number) => this.#chats.fileOf(chatId, messageId),
      onWish: (wish: PageWish) => this.#grant(wish),
    }
    this.#server = await startPageServer(parts, port)
    this.#lookEvery(PAST_LOOK_MS)
  }

  live(planned: Rush): void {
    this.#stage = 'life'
    this.#lookEvery(LIFE_LOOK_MS)
    this.#scenarios.watch(planned)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#look)
    this.#scenarios[Symbol.dispose]()
    this.#chats[Symbol.dispose]()
    await this.#server?.[Symbol.asyncDispose]()
  }

  #hello(): PageEvent {
    const { timeZone, chats } = this.#options
    return {
      type: 'hello',
      timeZone,
      speeds: this.#speeds,
      chats,
      entries: this.#chats.entries(),
      menus: this.#chats.menus(),
      state: this.#state(),
    }
  }

  #state(): PageState {
    const { node, clock, presentAt } = this.#options
    const { startAt, speed } = node
    const now = clock.now()
    return { stage: this.#stage, startAt, presentAt, now, speed, going: this.#scenarios.going }
  }

  #grant(wish: PageWish): void {
    if (wish.kind === 'say') this.#chats.say(wish)
    else if (wish.kind === 'press') this.#chats.press(wish)
    else if (this.#stage === 'past') return
    else if (wish.kind === 'scenario') this.#scenarios.begin(wish.scenario)
    else if (this.#speeds.includes(wish.speed)) {
      this.#options.node.speed = wish.speed
      this.#tell()
    }
  }

  #tell(): void {
    this.#server?.send({ type: 'state', state: this.#state() })
  }

  #lookEvery(ms: number): void {
    clearInterval(this.#look)
    this.#look = setInterval(() => this.#tell(), ms)
  }
}
