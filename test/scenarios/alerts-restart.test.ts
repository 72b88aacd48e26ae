import { expect, it } from 'vitest'
import { parseTelegramHtml } from '../../src/demo/telegram-html.ts'
import type { Store } from '../../src/store/open-store.ts'
import { ADMIN, channel, GROUP, heads, reading, rings, sends, setUp } from './alert-setting.ts'

const FIVE = [1, 2, 3, 4, 5].map((n) => reading('spike.local', channel(10 * n)))

it('11: a hundred restarts with five alerts that go on say nothing', async () => {
  await using on = await setUp()
  const { program } = on
  program.set(...FIVE)
  await program.minutes(4)
  on.takeSaid()
  for (let i = 0; i < 100; i++) {
    await program.restart()
    await program.look()
  }
  expect(on.takeSaid()).toEqual([])
})

it('12: what came to be and what ended while the program was down is told after the start', async () => {
  await using on = await setUp()
  const { program } = on
  const [first, second] = FIVE
  if (!first || !second) throw new Error('unreachable')
  program.set(first)
  await program.minutes(3)
  on.takeSaid()
  program.clear(first)
  program.set(second)
  await program.restart()
  await program.minutes(35)
  const said = on.takeSaid()
  expect(rings(said)).toHaveLength(1)
  expect(heads(sends(said))).toEqual([
    expect.stringMatching(/channel:800020x1x0.*47 payments/),
    expect.stringMatching(/channel:800010x1x0 back to normal/),
  ])
})

it('20: whatever a peer calls itself, its messages are what Telegram takes', async () => {
  const alias = `<b>&_*[${'🙈'.repeat(200)}`
  await using on = await setUp({ nameOf: () => alias })
  const { program, api } = on
  program.set(...Array.from({ length: 300 }, (_, i) => reading('spike.local', channel(i))))
  program.set(reading('peer.offline', 'peer:peer77'), reading('liq.low', channel(400)))
  await program.minutes(20)
  api.say(77, '/alerts')
  await program.until(() => on.shown().at(-1)?.text.includes('alerts now'))
  for (const { markup, text, buttons } of on.shown()) {
    expect(() => parseTelegramHtml(markup)).not.toThrow()
    expect(text.length).toBeLessThanOrEqual(4096)
    for (const { data } of buttons.flat()) expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64)
  }
  expect(on.shown().some(({ markup }) => markup.includes('&lt;b&gt;&amp;_*['))).toBe(true)
  expect(program.logged()).not.toMatch(/no form|another way/)
})

it('29: a button pressed twice, by a stranger, late or after the end does no harm', async () => {
  await using on = await setUp({ chatIds: [GROUP], groups: [GROUP] })
  const { program, api } = on
  const [spike] = FIVE
  if (!spike) throw new Error('unreachable')
  program.set(spike)
  await program.minutes(3)
  const message = on.shown(GROUP).at(-1)
  const press = async (label: string, from: number): Promise<string | undefined> => {
    let isDone = false
    const pressed = api.press(GROUP, message?.messageId ?? 0, label, { from }).finally(() => {
      isDone = true
    })
    await program.until(() => isDone)
    await program.calm()
    return pressed
  }
  expect(await press('✅ Ack', 99)).toMatch(/Only administrators/)
  expect(await press('🔕 1h', 99)).toMatch(/Only administrators/)
  expect(program.desk.box(GROUP).state.mutes).toEqual([])
  expect(await press('✅ Ack', ADMIN)).toMatch(/Taken on/)
  const id = [...program.desk.book.all()][0]?.id ?? ''
  expect(await press(`alerts ${id} ack`, ADMIN)).toMatch(/already/)
  expect(await press('🔕 1h', ADMIN)).toBeUndefined()
  expect(await press('🔕 1h', ADMIN)).toMatch(/Muted already/)
  expect(program.desk.box(GROUP).state.mutes).toHaveLength(1)
  program.clear(spike)
  await program.minutes(35)
  expect(await press(`alerts ${id} ack`, ADMIN)).toMatch(/over/)
  expect(await press(`alerts ${id} normal`, ADMIN)).toMatch(/over/)
  expect(await press('alerts ZZZZ ack', ADMIN)).toBeUndefined()
  expect(on.shown(GROUP).at(-1)?.text).toMatch(/There is no alert/)
})

it('30: with a full disk nothing is said that is not on it; it is logged, and said when there is room', async () => {
  await using on = await setUp({ store: { maxPages: 100 } })
  const { program } = on
  const fillers = await fill(program.store)
  program.stuck.add(77)
  program.set(...FIVE.slice(0, 1))
  await program.minutes(3)
  expect(on.takeSaid()).toEqual([])
  expect(program.healthy).toBe(false)
  expect(program.logged()).toMatch(/saving failed/)
  expect(program.logged()).toMatch(/There is no space left/)
  for (const key of fillers) await program.store.write([{ key, value: undefined }])
  program.stuck.delete(77)
  await program.minutes(1)
  expect(rings(on.takeSaid())).toHaveLength(1)
  expect(program.healthy).toBe(true)
})

/** Fills a file up to the last page that it may have; returns what fills it. */
async function fill(store: Store): Promise<readonly string[]> {
  const keys: string[] = []
  for (const size of [30_000, 1_000, 10]) {
    try {
      for (;;) {
        const key = `filler:${keys.length}`
        await store.write([{ key, value: 'x'.repeat(size) }])
        keys.push(key)
      }
    } catch (error) {
      expect(error).toMatchObject({ problem: 'full' })
    }
  }
  return keys
}
