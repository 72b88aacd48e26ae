import { Api, InlineKeyboard } from 'grammy'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { startBotApi } from '../../../src/demo/bot-api.ts'
import { createDemoClock } from '../../../src/demo/clock.ts'
import { startDemoNode } from '../../../src/demo/demo-node.ts'
import { openPage } from '../../../src/demo/demo-page.ts'
import type { PageChat } from '../../../src/demo/page-contract.ts'
import { rushOf } from '../../../src/demo/traffic-demo.ts'
import { startChromium } from '../../support/browser.ts'

const TOKEN = '1234567890:AAtestTokenThatMustNeverBeSeenAnywhere'
const START = Date.UTC(2026, 10, 26, 9)
const DAY = 86_400_000

export const OPERATOR = 7
export const GROUP = -8
export const TOPIC = 2

const CHATS: readonly PageChat[] = [
  {
    id: OPERATOR,
    title: 'missed sats',
    account: 'You',
    personId: OPERATOR,
    isPaired: true,
    topics: [],
    hint: 'hint',
  },
  {
    id: GROUP,
    title: 'Node crew',
    account: 'You',
    personId: OPERATOR,
    isPaired: true,
    topics: [
      { id: undefined, title: 'General' },
      { id: TOPIC, title: 'Rebalancing' },
    ],
    hint: 'hint',
  },
]

/** The page, served over a bot that the test itself plays. */
export async function servePage(port = 0) {
  const clock = createDemoClock(START)
  const api = await startBotApi({ token: TOKEN, clock })
  api.group({ id: GROUP, title: 'Node crew', topics: [TOPIC] })
  const node = await startDemoNode({ seed: 1, clock, speed: 40 })
  const places = { chats: CHATS, timeZone: 'UTC', presentAt: START + DAY, port }
  const page = await openPage({ api, node, clock, ...places })
  return {
    api,
    node,
    url: page.url,
    bot: new Api(TOKEN, { apiRoot: api.url }),
    live: () => page.live(rushOf(START + DAY)),
    async [Symbol.asyncDispose]() {
      await page[Symbol.asyncDispose]()
      await node[Symbol.asyncDispose]()
      await api[Symbol.asyncDispose]()
    },
  }
}

export type Served = Awaited<ReturnType<typeof servePage>>

/** Opens the page in a browser of its own and waits until its chats are there. `troubles` are what its console complains of. */
export async function openInBrowser(
  path: string,
  url: string,
  { width = 390, height = 844 } = {},
): Promise<AsyncDisposable & { page: Page; troubles: readonly string[] }> {
  const browser = await startChromium(path)
  const page = await browser.newPage({ viewport: { width, height } })
  const troubles: string[] = []
  page.on('console', (said) => said.type() === 'error' && troubles.push(said.text()))
  page.on('pageerror', (error) => troubles.push(String(error)))
  await page.goto(url)
  await page.locator('#chats button').first().waitFor({ state: 'attached' })
  return { page, troubles, [Symbol.asyncDispose]: () => browser.close() }
}

/** Returns the next press of a button that the bot hears of. */
export async function nextPress(bot: Api) {
  for (;;) {
    const [update] = await bot.getUpdates({ limit: 1, timeout: 5 })
    if (update === undefined) throw new Error('nothing was pressed')
    await bot.getUpdates({ offset: update.update_id + 1 })
    if (update.callback_query) return update.callback_query
  }
}

/** Buttons of one row, each with its label as its data. */
export function keyboard(...labels: string[]): { reply_markup: InlineKeyboard } {
  const row = labels.reduce((made, label) => made.text(label, label), new InlineKeyboard())
  return { reply_markup: row }
}

/** Expects of something that it will be so soon, on a busy machine too. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 })
