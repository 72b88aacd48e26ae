import { readdir } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../src/app.ts'
import { runDemo } from '../../src/demo/demo.ts'
import { temporaryFolder } from '../support/folder.ts'

// A demo that a failed test leaves behind would go on for ever.
const running = new Set<() => Promise<unknown>>()

afterEach(async () => {
  await Promise.all([...running].map((stop) => stop()))
  running.clear()
  vi.unstubAllEnvs()
})

describe(runDemo, () => {
  it('asks the first questions by itself, with no terminal, and ends with the signal', async () => {
    await using folder = await ownTemporaryFolder()
    const demo = start()
    demo.input.end()
    await demo.shows('quit ends', 40_000)

    expect(demo.text()).toMatch(
      /you> \/status[\s\S]+you> \/digest[\s\S]+you> \/top[\s\S]+you> \/channel alice/,
    )
    expect(demo.text()).toMatch(
      /📊 Earned [\d,]+ sat \(.* %\) in 24 h, missed up to ≈ .*\n.*against the 24 h before/,
    )
    expect(demo.text()).toMatch(/Listening to LND/)
    expect(demo.text()).toMatch(
      /alice's exchange: .*[\s\S]*refused: [\d,]+×, mostly too little to send/,
    )
    demo.abort()
    await demo.done
    expect(await readdir(folder.path)).toEqual([])
  }, 60_000)

  it('rings for a spike in its first two minutes of life, says when it is over, and sums up the day', async () => {
    // Not faster: an event that comes two minutes late, by then a second, rings for nothing.
    const demo = start(run, 120)
    await demo.shows('quit ends', 40_000)
    await demo.shows('merchant [processor…: ', 30_000)
    expect(demo.text()).toMatch(/🟠 merchant \[processor…: \d+ payments failed in \d+ min/)
    await demo.shows('✅ merchant [processor… back to normal after ', 60_000)
    const digests = () => demo.text().split('📊 Earned ').length - 1
    await expect.poll(digests, { timeout: 40_000, interval: 100 }).toBe(2)
    demo.abort()
    await demo.done
  }, 150_000)

  it('lets a person type commands, press buttons and leave', async () => {
    const demo = start()
    await demo.shows('quit ends', 40_000)
    await demo.types('/top 24h earned', 'Earned ')
    await demo.types('99', 'no such button')
    await demo.types('/channel twin', 'Twin Peaks')
    await demo.types('1', 'can send')
    await demo.types('/chart', '[photo traffic-24h.png]')
    demo.input.write('quit\n')
    await demo.done
  }, 60_000)

  it('ends with the error of the program, its store removed', async () => {
    await using folder = await ownTemporaryFolder()
    const demo = start(async () => {
      throw new Error('the store is damaged')
    })

    await expect(demo.done).rejects.toThrow('the store is damaged')
    expect(await readdir(folder.path)).toEqual([])
  })
})

function start(program: Parameters<typeof runDemo>[0]['run'] = run, speed?: number) {
  const controller = new AbortController()
  const input = new PassThrough()
  const output = new PassThrough()
  let text = ''
  output.on('data', (chunk) => {
    text += String(chunk)
  })
  const done = runDemo({
    signal: controller.signal,
    input,
    output,
    run: program,
    ...(speed && { speed }),
  })
  running.add(() => {
    controller.abort()
    return done.catch(() => undefined)
  })
  const shows = (words: string, from: number, timeout: number) =>
    expect.poll(() => text.slice(from), { timeout, interval: 20 }).toContain(words)
  return {
    input,
    done,
    text: () => text,
    abort: () => controller.abort(),
    shows: (words: string, timeout: number) => shows(words, 0, timeout),
    async types(line: string, words: string): Promise<void> {
      const from = text.length
      input.write(`${line}\n`)
      await shows(words, from, 10_000)
    },
  }
}

async function ownTemporaryFolder() {
  const folder = await temporaryFolder()
  vi.stubEnv('TMPDIR', folder.path)
  return folder
}
