import { PassThrough } from 'node:stream'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../../src/app.ts'
import { runDemo } from '../../../src/demo/demo.ts'
import { needChromium } from '../../support/browser.ts'
import { eventually, openInBrowser } from './support.ts'

const controller = new AbortController()
let demo: Promise<void> = Promise.resolve()
let printed = ''
const patient = { timeout: 60_000, interval: 50 }

// One demo for all stories: its four days take some seconds to play.
beforeAll(async () => {
  const output = new PassThrough()
  const isLive = new Promise<void>((resolve) => {
    output.on('data', (chunk) => {
      printed += String(chunk)
      if (printed.includes('quit ends')) resolve()
    })
  })
  const input = new PassThrough()
  demo = runDemo({ signal: controller.signal, input, output, run, pagePort: 0 })
  await Promise.race([isLive, demo])
}, 90_000)

afterAll(async () => {
  controller.abort()
  await demo
})

const url = () => /^Open (http:\/\/127\.0\.0\.1:\d+) in a browser/.exec(printed)?.[1] ?? ''

describe('the demo in a browser', () => {
  it('answers on a phone, edits in place, and takes no alias for markup', async ({ skip }) => {
    await using browser = await openInBrowser(needChromium(skip), url())
    const { page, troubles } = browser
    await eventually(() => textsOf(page)).toContainEqual(
      expect.stringContaining('Best single step'),
    )
    await say(page, '/top 24h earned')
    const top = page.locator('.message.bot', { hasText: 'by outgoing channel' }).last()
    await top.waitFor()
    const id = await top.getAttribute('data-id')
    await top.getByRole('button', { name: '7d', exact: true }).click()
    const edited = page.locator(`[data-id="${id}"]`)
    await eventually(() => edited.locator('footer').textContent()).toContain('edited')
    await eventually(() => edited.textContent()).toContain('7 days')
    await say(page, '/channel fountain')
    const shown = () => page.locator('.message.bot strong').allTextContents()
    await eventually(shown).toContainEqual(expect.stringContaining('Fountain <b>& Sons'))

    await say(page, '/chart 24h')
    const picture = page.locator('.bubble.photo img').last()
    await picture.waitFor()
    const drawnWidth = () =>
      picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)
    await eventually(drawnWidth).toBeGreaterThan(600)
    await say(page, '/export csv 24h')
    await page.locator('.bubble.document').first().waitFor()

    await eventually(() => page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(troubles).toEqual([])
  }, 60_000)

  it('tells a stranger nothing of the node', async ({ skip }) => {
    await using browser = await openInBrowser(needChromium(skip), url())
    const { page } = browser
    await page.getByRole('button', { name: 'All chats' }).click()
    await page.getByRole('button', { name: 'Gets no data: not paired' }).click()
    await say(page, '/top')
    await say(page, '/channel alice')
    await eventually(() => textsOf(page)).toHaveLength(2)

    for (const text of await textsOf(page)) expect(text).not.toMatch(/alice|sat\b|\d+x\d+x\d+/)
    await eventually(() => page.locator('.keyboard').count()).toBe(0)
  }, 60_000)

  it('answers a group in its topic', async ({ skip }) => {
    await using browser = await openInBrowser(needChromium(skip), url())
    const { page } = browser
    await page.getByRole('button', { name: 'All chats' }).click()
    await page.getByRole('button', { name: 'Node crew' }).click()
    await page.getByRole('button', { name: 'Rebalancing' }).click()
    await say(page, '/status')

    await eventually(() => textsOf(page)).toEqual([expect.stringContaining('Listening to LND')])
  }, 60_000)

  it('tells that LND is gone and back, and how long it was blind', async ({ skip }) => {
    await using browser = await openInBrowser(needChromium(skip), url())
    const { page } = browser
    await happen(page, 'LND restart')
    await expect
      .poll(() => textsOf(page), patient)
      .toContainEqual(expect.stringMatching(/^🚨.*LND/))
    await expect
      .poll(() => textsOf(page), patient)
      .toContainEqual(expect.stringMatching(/^✅.*LND/))
    await say(page, '/status')
    const gap = /blind \([\s\S]*, for \d+ min/
    await expect.poll(() => textsOf(page), patient).toContainEqual(expect.stringMatching(gap))
  }, 150_000)

  // Not before: in the minutes of the crowd that the demo begins with, the whole node would ring instead.
  it('rings for a spike that was asked for', async ({ skip }) => {
    await using browser = await openInBrowser(needChromium(skip), url())
    const { page } = browser
    await happen(page, 'Spike')
    const going = () => page.locator('#going').textContent()
    await eventually(going).toContain('Payments to coffee-roasters.example fail')
    const alert = /🟠 coffee-roasters\S*: \d+ payments failed in/

    await expect.poll(() => textsOf(page), patient).toContainEqual(expect.stringMatching(alert))
  }, 90_000)

  it('tells late, and says so, what happened while Telegram was out of reach', async ({ skip }) => {
    await using browser = await openInBrowser(needChromium(skip), url())
    const { page } = browser
    await happen(page, 'Telegram outage')
    await eventually(() => page.locator('#chat-status').textContent()).toBe('waiting for network…')
    await say(page, '/alerts')

    const late = /delayed \d+ min|while Telegram could not be reached/
    await expect.poll(() => textsOf(page), patient).toContainEqual(expect.stringMatching(late))
  }, 150_000)
})

async function textsOf(page: Page): Promise<string[]> {
  return await page.locator('.message.bot:not(.typing) .words').allTextContents()
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}

async function happen(page: Page, scenario: string): Promise<void> {
  await page.getByRole('button', { name: 'speed and what happens' }).click()
  await page.getByRole('button', { name: scenario }).click()
  await page.keyboard.press('Escape')
}
