import { expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/alerts/kind.ts'
import { Delivery } from '../alerts/delivery.ts'
import { channel, reading, settled } from '../alerts/support.ts'
import { FakeDocuments } from '../bot/support.ts'
import { heads, rings, sends, setUp } from './alert-setting.ts'

// A look every two minutes, the longest that counts as observed.
const STEP_MS = 2 * MINUTE_MS

const SPIKE = reading('spike.local', channel(1))

async function hours(on: Awaited<ReturnType<typeof setUp>>, count: number): Promise<void> {
  for (let at = 0; at < count * HOUR_MS; at += STEP_MS) {
    await on.program.look()
    await on.program.clock.advance(STEP_MS)
  }
}

it('1: in four weeks of 500 quiet channels, what the detector lets through rings, and nothing else', async () => {
  const on = new Delivery({ documents: new FakeDocuments(), chatIds: [77] })
  await on.start()
  const falseAlarms = [3, 9, 16, 25].map((day) => day * 24 * 30)
  for (let look = 0; look < 28 * 24 * 30; look++) {
    const isAlarm = falseAlarms.some((from) => look >= from && look < from + 5)
    const stirring = reading('spike.local', channel(look % 500), { level: 'hold' })
    on.desk.observe({
      now: on.now,
      elapsedMs: STEP_MS,
      readings: isAlarm ? [stirring, reading('spike.local', channel(600))] : [stirring],
      blindKinds: new Set(),
    })
    if (look % 10 !== 0) continue
    await on.clock.advance(10_000)
    await on.tell()
  }
  const news = on.telegram.taken.filter(({ isLoud }) => isLoud)
  expect(news).toHaveLength(falseAlarms.length)
  expect(on.telegram.taken.filter(({ form }) => form === 'over')).toHaveLength(falseAlarms.length)
})

it('5: an incident of a day, and another half a day after its end, ring once each', async () => {
  await using on = await setUp()
  on.program.set(SPIKE)
  await hours(on, 23)
  on.program.clear(SPIKE)
  await hours(on, 12)
  const first = on.takeSaid()
  expect(rings(first)).toHaveLength(1)
  expect(heads(sends(first)).at(-1)).toMatch(/back to normal after 23 h/)
  on.program.set(SPIKE)
  await hours(on, 1)
  expect(rings(on.takeSaid())).toHaveLength(1)
})

it('6: what stays for good is one alert; it closes as a new level once its detector took it for one', async () => {
  await using on = await setUp()
  on.program.set(SPIKE)
  await hours(on, 24.5)
  on.program.set(settled('spike.local', channel(1)))
  await hours(on, 1)
  const said = on.takeSaid()
  expect(rings(said)).toHaveLength(1)
  expect(heads(sends(said)).at(-1)).toMatch(/settled at a new level after 1 d/)
  on.program.clear(SPIKE)
  await hours(on, 24)
  expect(on.takeSaid()).toEqual([])
})
