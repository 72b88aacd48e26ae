import { mkdir } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { run } from '../../src/app.ts'
import { runDemo } from '../../src/demo/demo.ts'
import { findChromium, startChromium } from '../support/browser.ts'
import { openStudio } from './studio.ts'

// The README's pictures, taken of the demo itself: the same node on the same morning each time. They are
// made with Debian's fonts-roboto-unhinted, fonts-noto-color-emoji and fonts-noto-cjk.
const MORNING = Date.UTC(2026, 10, 26, 9, 30)
const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))

const path = findChromium()
if (path === undefined) throw new Error("npm run pictures needs Debian's chromium")
await mkdir(FOLDER, { recursive: true })

const controller = new AbortController()
const output = new PassThrough()
const isLive = new Promise<string>((resolve, reject) => {
  let printed = ''
  output.on('data', (chunk) => {
    printed += String(chunk)
    if (printed.includes('quit ends')) resolve(/http:\/\/\S+/.exec(printed)?.[0] ?? '')
  })
  output.on('error', reject)
})
const options = { present: MORNING, speed: 120, pagePort: 0, input: new PassThrough(), output, run }
const demo = runDemo({ ...options, signal: controller.signal })
try {
  const url = await Promise.race([isLive, demo.then(() => '')])
  const browser = await startChromium(path)
  try {
    await using studio = await openStudio(browser, url, FOLDER)
    await studio.happen('calm')
    await studio.speed(1)
    await studio.ask('/top', 'Best single step')
    await studio.take('top')
    await studio.ask('/digest', 'sat')
    await studio.take('digest')
    await studio.ask('/chart coffee', 'coffee-roasters')
    await studio.toEnd()
    await studio.take('chart')
    await studio.speed(120)
    await studio.sees(/^✅ merchant .* back to normal/)
    await studio.happen('spike')
    await studio.sees(/^🟠 coffee-roasters\S*: \d+ payments failed/)
    await studio.speed(1)
    await studio.toEnd()
    await studio.take('alert')
  } finally {
    await browser.close()
  }
} finally {
  controller.abort()
  await demo
}
