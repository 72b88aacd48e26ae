import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/app.ts'
import { runDemo } from '../../src/demo/demo.ts'

describe(runDemo, () => {
  it('prints the first answers within ten seconds, with no terminal, and ends with the signal', async () => {
    const before = await folders()
    const demo = start()
    demo.input.end()
    await demo.shows('quit ends', 10_000)

    expect(demo.text()).toMatch(/you> \/status[\s\S]+you> \/top 24h[\s\S]+you> \/channel alice/)
    expect(demo.text()).toMatch(/Listening to LND/)
    expect(demo.text()).toMatch(/alice's exchange: [\d,]+ refused/)
    expect(demo.text()).toMatch(/INSUFFICIENT_BALANCE/)
    demo.abort()
    await demo.done
    expect(await folders()).toEqual(before)
  }, 20_000)

  it('lets a person type commands, press buttons and leave', async () => {
    const demo = start()
    await demo.shows('quit ends', 10_000)
    demo.input.write('/top 24h earned\n')
    await demo.shows('Earned ', 5_000)
    demo.input.write('99\n')
    await demo.shows('no such button', 5_000)
    demo.input.write('/channel twin\n')
    await demo.shows('Twin Peaks', 5_000)
    demo.input.write('1\n')
    await demo.shows('Balance of', 5_000)
    demo.input.write('quit\n')
    await demo.done
  }, 30_000)

  it('ends with the error of the program, its store removed', async () => {
    const before = await folders()
    const demo = start(async () => {
      throw new Error('the store is damaged')
    })

    await expect(demo.done).rejects.toThrow('the store is damaged')
    expect(await folders()).toEqual(before)
  })
})

function start(program: Parameters<typeof runDemo>[0]['run'] = run) {
  const controller = new AbortController()
  const input = new PassThrough()
  const output = new PassThrough()
  let text = ''
  output.on('data', (chunk) => {
    text += String(chunk)
  })
  const done = runDemo({ signal: controller.signal, input, output, run: program })
  done.catch(() => undefined)
  return {
    input,
    done,
    text: () => text,
    abort: () => controller.abort(),
    async shows(pattern: string, timeout: number): Promise<void> {
      const from = pattern === 'quit ends' ? 0 : text.length
      const isShown = () => new RegExp(pattern).test(text.slice(from))
      await expect.poll(isShown, { timeout, interval: 20 }).toBe(true)
    },
  }
}

async function folders(): Promise<string[]> {
  const names = await readdir(tmpdir())
  return names.filter((name) => name.startsWith('missed-sats-demo-'))
}
