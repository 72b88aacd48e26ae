import { readFile } from 'node:fs/promises'
import { InputFile } from 'grammy'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { needChromium } from '../../support/browser.ts'
import {
  eventually,
  GROUP,
  keyboard,
  nextPress,
  OPERATOR,
  openInBrowser,
  servePage,
  TOPIC,
} from './support.ts'

// The smallest PNG: one grey pixel.
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
)
const HTML = { parse_mode: 'HTML' as const }

describe('the page in a browser', () => {
  it('says what is typed and shows what the bot says, formatted and harmless', async ({ skip }) => {
    const path = needChromium(skip)
    await using it = await servePage()
    await using browser = await openInBrowser(path, it.url)
    const { page, troubles } = browser
    await page.getByLabel('Message', { exact: true }).fill('/top')
    await page.keyboard.press('Enter')
    const [update] = await it.bot.getUpdates({ timeout: 5 })
    expect(update?.message).toMatchObject({ text: '/top', from: { id: OPERATOR } })
    await it.bot.sendMessage(
      OPERATOR,
      '<b>&lt;img src=x onerror=alert(1)&gt;</b> <code>1x2x3</code>\n<a href="https://x.y">x</a>',
      HTML,
    )
    const message = page.locator('.message.bot')

    await eventually(() => message.locator('strong').textContent()).toBe(
      '<img src=x onerror=alert(1)>',
    )
    await eventually(() => message.locator('code').textContent()).toBe('1x2x3')
    await eventually(() => message.locator('a').getAttribute('href')).toBe('https://x.y')
    await eventually(() => page.locator('.message.person').textContent()).toContain('/top')
    await eventually(() => page.locator('.day').count()).toBe(1)
    expect(troubles).toEqual([])
  })

  it('shows that a press is under way, then the edit in its place and the notice', async ({
    skip,
  }) => {
    const path = needChromium(skip)
    await using it = await servePage()
    it.api.say(OPERATOR, '/top')
    const { message_id: id } = await it.bot.sendMessage(OPERATOR, 'Top 24h', keyboard('24h', '7d'))
    await it.bot.sendMessage(OPERATOR, 'something later')
    await using browser = await openInBrowser(path, it.url)
    const { page } = browser
    const button = page.getByRole('button', { name: '7d' })
    await button.click()
    await eventually(() => button.getAttribute('aria-busy')).toBe('true')
    const press = await nextPress(it.bot)
    expect(press).toMatchObject({ data: '7d', message: { message_id: id } })
    await it.bot.editMessageText(OPERATOR, id, 'Top 7d', keyboard('24h', '7d'))
    await it.bot.answerCallbackQuery(press.id, { text: 'Muted for 1 h', show_alert: true })

    await eventually(() => page.locator('#alert').textContent()).toContain('Muted for 1 h')
    await page.getByRole('button', { name: 'OK' }).click()
    await eventually(() => button.getAttribute('aria-busy')).toBeNull()
    const texts = await page.locator('.message.bot .words').allTextContents()
    expect(texts).toEqual(['Top 7d', 'something later'])
    await page.getByRole('button', { name: '24h' }).press('Enter')
    await it.bot.answerCallbackQuery((await nextPress(it.bot)).id, { text: 'Nothing new' })
    await eventually(() => page.locator('#toast').textContent()).toBe('Nothing new')
  })

  it('enlarges a photo and saves a document', async ({ skip }) => {
    const path = needChromium(skip)
    await using it = await servePage()
    it.api.say(OPERATOR, '/chart')
    const photo = new InputFile(PIXEL, 'day.png')
    await it.bot.sendPhoto(OPERATOR, photo, { caption: '<b>A day</b>', ...HTML })
    const report = new InputFile(Buffer.from('a,b\n1,2\n'), 'forwards.csv')
    await it.bot.sendDocument(OPERATOR, report, { caption: 'all of it' })
    await using browser = await openInBrowser(path, it.url)
    const { page, troubles } = browser
    await page.getByRole('button', { name: 'Enlarge the picture' }).click()
    const width = () => page.locator('#viewer img').evaluate((img) => img.clientWidth)
    await eventually(width).toBe(1)
    await page.keyboard.press('Escape')
    await eventually(() => page.locator('#viewer').isVisible()).toBe(false)
    const saving = page.waitForEvent('download')
    await page.getByText('forwards.csv').click()
    const saved = await saving

    expect(saved.suggestedFilename()).toBe('forwards.csv')
    expect(String(await readFile(await saved.path()))).toBe('a,b\n1,2\n')
    expect(troubles).toEqual([])
  })

  it('begins to read a long message at its beginning, and follows short ones', async ({ skip }) => {
    const path = needChromium(skip)
    await using it = await servePage()
    await using browser = await openInBrowser(path, it.url)
    const { page } = browser
    const button = page.getByRole('button', { name: 'To the newest message' })
    it.api.say(OPERATOR, '/top')
    await it.bot.sendMessage(OPERATOR, `first line\n${'and more\n'.repeat(99)}last line`)
    await button.waitFor()
    await eventually(() => distanceFromTop(page, '.message.person')).toBeLessThan(40)
    await button.click()
    await eventually(() => button.isVisible()).toBe(false)
    await it.bot.sendMessage(OPERATOR, 'later')
    await page.locator('.message.bot', { hasText: 'later' }).waitFor()
    await eventually(() => distanceFromTop(page, '.message:last-child')).toBeLessThan(844)
    await eventually(() => button.isVisible()).toBe(false)
  })

  it('unfolds a quote and tells what is hidden', async ({ skip }) => {
    const path = needChromium(skip)
    await using it = await servePage()
    it.api.say(OPERATOR, '/explain')
    const quote = `<blockquote expandable>${'one step\n'.repeat(9)}the end</blockquote>`
    await it.bot.sendMessage(OPERATOR, `${quote}<tg-spoiler>12 sat</tg-spoiler>`, HTML)
    await using browser = await openInBrowser(path, it.url)
    const { page } = browser
    const height = () => page.locator('blockquote').evaluate((element) => element.clientHeight)
    const folded = await height()
    await page.getByRole('button', { name: 'More' }).click()
    await eventually(() => height()).toBeGreaterThan(2 * folded)
    await page.getByRole('button', { name: 'Hidden text' }).press('Enter')
    await eventually(() => page.locator('.told').textContent()).toBe('12 sat')
  })

  it('offers the bot’s commands, by keyboard alone', async ({ skip }) => {
    const path = needChromium(skip)
    await using it = await servePage()
    const commands = ['top', 'track', 'help'].map((command) => ({ command, description: command }))
    await it.bot.setMyCommands(commands, { scope: { type: 'chat', chat_id: OPERATOR } })
    await using browser = await openInBrowser(path, it.url)
    const { page } = browser
    await page.getByRole('button', { name: 'Commands' }).click()
    await eventually(() => page.getByRole('option').count()).toBe(3)
    await page.getByLabel('Message', { exact: true }).fill('/t')
    await eventually(() => page.getByRole('option').allTextContents()).toEqual([
      '/top top',
      '/track track',
    ])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const [update] = await it.bot.getUpdates({ timeout: 5 })
    expect(update?.message?.text).toBe('/track')
    await it.bot.sendMessage(OPERATOR, 'See /help, not /etc')
    await page.getByRole('button', { name: '/help' }).click()
    const said = page.locator('.message.person .words')
    await eventually(() => said.allTextContents()).toEqual(['/track', '/help'])
  })

  it('shows that the bot types, and counts what was not read elsewhere', async ({ skip }) => {
    const path = needChromium(skip)
    await using it = await servePage()
    it.api.say(OPERATOR, 'hello')
    await using browser = await openInBrowser(path, it.url, { width: 1_100, height: 800 })
    const { page } = browser
    const status = page.locator('#chat-status')
    await eventually(() => status.textContent()).toBe('bot · paired')
    await it.bot.sendChatAction(OPERATOR, 'typing')
    await eventually(() => status.textContent()).toBe('typing…')
    await it.bot.sendMessage(OPERATOR, 'here')
    await eventually(() => status.textContent()).toBe('bot · paired')
    await it.bot.sendMessage(GROUP, 'in the topic', { message_thread_id: TOPIC })
    await eventually(() => page.title()).toBe('(1) missed-sats demo')
    await page.getByRole('button', { name: 'Node crew' }).click()
    await page.getByRole('button', { name: 'Rebalancing' }).click()
    await eventually(() => page.title()).toBe('missed-sats demo')
    await eventually(() => page.locator('.message.bot').textContent()).toContain('in the topic')
    await page.getByLabel('Message', { exact: true }).fill('/top')
    await page.getByRole('button', { name: 'Send' }).click()
    const heard = (await it.bot.getUpdates({ timeout: 5 })).at(-1)?.message
    expect(heard).toMatchObject({ text: '/top', chat: { id: GROUP }, message_thread_id: TOPIC })
  })

  it('fits a small phone, whatever a message holds', async ({ skip }) => {
    const path = needChromium(skip)
    await using it = await servePage()
    it.api.say(OPERATOR, 'x'.repeat(300))
    const wide = `<pre>${'0123456789'.repeat(12)}</pre><b>${'W'.repeat(200)}</b>`
    await it.bot.sendMessage(OPERATOR, wide, {
      ...HTML,
      ...keyboard('a'.repeat(40), 'b', 'c', 'd'),
    })
    await using browser = await openInBrowser(path, it.url, { width: 320, height: 560 })
    const { page } = browser
    await page.locator('.message.bot').waitFor()

    await eventually(() => overflow(page)).toBe(0)
    await page.getByRole('button', { name: 'All chats' }).click()
    await eventually(() => overflow(page)).toBe(0)
    await eventually(() => page.getByRole('button', { name: 'Node crew' }).isVisible()).toBe(true)
  })

  it('lets speed and what happens be chosen once the past is played', async ({ skip }) => {
    const path = needChromium(skip)
    await using it = await servePage()
    await using browser = await openInBrowser(path, it.url, { width: 1_100, height: 800 })
    const { page } = browser
    await eventually(() => page.getByRole('radio', { name: '120×' }).isDisabled()).toBe(true)
    it.live()
    await page.getByRole('radio', { name: '120×' }).check()
    await eventually(() => it.node.speed).toBe(120)
    await page.getByRole('button', { name: 'LND restart' }).click()
    await eventually(() => it.node.walletState).toBe('WAITING_TO_START')
    await eventually(() => page.locator('#going').textContent()).toContain('LND has stopped')
    await page.getByRole('button', { name: 'Calm day' }).click()
    await eventually(() => it.node.walletState).toBe('SERVER_ACTIVE')
    await eventually(() => page.locator('#going').isVisible()).toBe(false)
  })
})

/** How far below the upper edge of the messages something stands, in pixels. */
async function distanceFromTop(page: Page, selector: string): Promise<number> {
  const top = (id: string) => page.locator(id).evaluate((one) => one.getBoundingClientRect().top)
  return (await top(selector)) - (await top('#log'))
}

/** By how many pixels the window and the messages could be scrolled sideways. */
async function overflow(page: Page): Promise<number> {
  const beyond = (id: string) =>
    page.locator(id).evaluate((element) => element.scrollWidth - element.clientWidth)
  return Math.max(await beyond('html'), await beyond('#log'))
}
