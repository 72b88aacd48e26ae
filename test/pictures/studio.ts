import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import type { PageWish } from '../../src/demo/page-contract.ts'
import type { ScenarioName } from '../../src/demo/scenario.ts'

/** A phone on which the demo's page is open, in light and in dark. */
export type Studio = AsyncDisposable & {
  speed(speed: number): Promise<void>
  happen(scenario: ScenarioName): Promise<void>
  /** Asks the bot and waits until the answer, in which these words stand, is the last message. */
  ask(text: string, words: string): Promise<void>
  /** Waits until a message says this. */
  sees(words: RegExp): Promise<void>
  /** Goes to the newest message. */
  toEnd(): Promise<void>
  /** Takes `NAME-light.png` and `NAME-dark.png`. */
  take(name: string): Promise<void>
}

const PHONE = { width: 390, height: 780 }
const PATIENCE_MS = 120_000
// A reader of the README should not wait for its pictures.
const MOST_BYTES = 150_000

/** Opens the page at the URL. */
export async function openStudio(browser: Browser, url: string, folder: string): Promise<Studio> {
  const page = await browser.newPage({
    viewport: PHONE,
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  })
  const frame = await browser.newPage({ deviceScaleFactor: 2 })
  await page.goto(url)
  await page.locator('.message.bot').last().waitFor()
  // By the page's own way: the button for it is none of the chat's, and hidden in the pictures.
  const wish = async (made: PageWish): Promise<void> => {
    const body = JSON.stringify(made)
    const headers = { 'content-type': 'application/json', origin: url }
    await page.request.post(`${url}/wish`, { headers, data: body })
  }
  return {
    speed: (speed) => wish({ kind: 'speed', speed }),
    happen: (scenario) => wish({ kind: 'scenario', scenario }),
    async ask(text, words) {
      await page.getByLabel('Message', { exact: true }).fill(text)
      const said = page.locator('.message.person')
      const before = await said.count()
      await page.keyboard.press('Enter')
      await said.nth(before).waitFor()
      await page.locator('.message.bot:last-child', { hasText: words }).waitFor()
    },
    async toEnd() {
      const end = (log: { scrollTop: number; scrollHeight: number }) => {
        log.scrollTop = log.scrollHeight
      }
      await page.locator('#log').evaluate(end)
    },
    async sees(words) {
      const message = page.locator('.message.bot .words', { hasText: words })
      await message.first().waitFor({ timeout: PATIENCE_MS })
    },
    async take(name) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await bare(page)
        const path = join(folder, `${name}-${colorScheme}.png`)
        const shot = await page.screenshot({ animations: 'disabled' })
        await writeFile(path, await small(await framed(frame, shot)))
        const { size } = await stat(path)
        process.stdout.write(`${path}: ${size} bytes\n`)
        if (size > MOST_BYTES) throw new Error(`${path} is larger than ${MOST_BYTES} bytes`)
      }
    },
    async [Symbol.asyncDispose]() {
      await frame.close()
      await page.close()
    },
  }
}

/** Takes away what is the demo's and not the chat's, and where the focus is. */
async function bare(page: Page): Promise<void> {
  await page.mouse.move(0, 0)
  const decoded = (all: { decode(): Promise<void> }[]) =>
    Promise.all(all.map((one) => one.decode()))
  await page.locator('.bubble img').evaluateAll(decoded)
  await page
    .locator(':focus')
    .evaluateAll((all: { blur(): void }[]) => all.map((one) => one.blur()))
  const hide = (all: { hidden: boolean }[]) => {
    for (const one of all) one.hidden = true
  }
  await page.locator('#open-controls, #back-unread, #going, #to-end').evaluateAll(hide)
}

/** Two hundred and fifty-six colours are enough for a chat, and make a third of the bytes. */
async function small(picture: Buffer): Promise<Buffer> {
  const options = { palette: true, colours: 256, dither: 0, effort: 10, compressionLevel: 9 }
  return await sharp(picture).png(options).toBuffer()
}

/** Puts a picture into a frame with round corners, so that it stands out on a page of any colour. */
async function framed(page: Page, picture: Buffer): Promise<Buffer> {
  const { width, height } = PHONE
  await page.setViewportSize({ width: width + 2, height: height + 2 })
  const source = `data:image/png;base64,${picture.toString('base64')}`
  const style = `display:block;width:${width}px;height:${height}px;border:1px solid #8a97a366;border-radius:24px`
  await page.setContent(
    `<body style="margin:0;background:none"><img src="${source}" style="${style}">`,
  )
  await page.locator('img').evaluate((image: { decode(): Promise<void> }) => image.decode())
  return await page.screenshot({ omitBackground: true })
}
