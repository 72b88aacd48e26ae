import { expect, it } from 'vitest'
import { channel, heads, reading, rings, sends, setUp } from './alert-setting.ts'

const SPIKE = reading('spike.local', channel(1))

it('2: a spike rings once and, when it is over, is edited and answered without a sound', async () => {
  await using on = await setUp()
  on.program.set(SPIKE)
  await on.program.minutes(5)
  const said = on.takeSaid()
  expect(rings(said)).toHaveLength(1)
  expect(said[0]?.text).toMatch(/🟠 .*47 payments failed in 15 min \(usually 6\)/)
  on.program.clear(SPIKE)
  await on.program.minutes(35)
  const after = on.takeSaid()
  expect(rings(after)).toHaveLength(0)
  expect(sends(after)).toHaveLength(1)
  expect(heads(on.shown()).slice(-2)).toEqual([
    expect.stringMatching(/^✅ .*47 payments failed/),
    expect.stringMatching(/^✅ .* back to normal after 3\d min · #/),
  ])
  expect(on.api.calls().at(-1)?.payload['reply_parameters']).toMatchObject({
    message_id: on.shown().at(-2)?.messageId,
  })
})

it('3, 4: what stays below its threshold never rings, however long', async () => {
  await using on = await setUp()
  on.program.set({ ...SPIKE, level: 'hold' })
  await on.program.minutes(120)
  expect(on.takeSaid()).toEqual([])
})

it('7: a gap inside a spike ends nothing, and LND is reported lost once', async () => {
  await using on = await setUp()
  const { program } = on
  program.set(SPIKE)
  await program.minutes(3)
  on.takeSaid()
  const lost = reading('lnd.down', 'node')
  program.clear(SPIKE)
  program.set(lost)
  program.blind = new Set(['spike.local'])
  await program.minutes(180)
  const said = on.takeSaid()
  expect(said.filter(({ text }) => text.includes('back to normal'))).toEqual([])
  expect(said.some(({ text }) => text.includes('no data since'))).toBe(true)
  expect(heads(rings(said)).filter((line) => !line.includes('Still'))).toHaveLength(1)
  program.clear(lost)
  program.blind = new Set()
  await program.minutes(20)
  expect(heads(sends(on.takeSaid()))).toEqual([expect.stringMatching(/LND is back after 3 h/)])
  await program.minutes(15)
  expect(heads(sends(on.takeSaid()))).toEqual([expect.stringMatching(/back to normal after/)])
})

it('9: with an empty state the alerts of states and thresholds work', async () => {
  await using on = await setUp()
  on.program.set(reading('peer.offline', 'peer:peer0'))
  await on.program.minutes(17)
  expect(heads(rings(on.takeSaid()))).toEqual([expect.stringMatching(/offline for/)])
})

it('28: what flaps for six hours rings at most four times and says that it flaps', async () => {
  await using on = await setUp()
  const lost = reading('lnd.down', 'node')
  for (let i = 0; i < 36; i++) {
    on.program.set(lost)
    await on.program.minutes(3)
    on.program.clear(lost)
    await on.program.minutes(7)
  }
  const said = on.takeSaid()
  expect(rings(said).length).toBeLessThanOrEqual(4)
  expect(said.some(({ text }) => text.includes('flapping'))).toBe(true)
})

it('27: a spike over the whole node is one message; a child that goes on rings once', async () => {
  await using on = await setUp()
  const { program } = on
  const node = reading('spike.node', 'node')
  const children = Array.from({ length: 200 }, (_, i) => reading('spike.local', channel(i)))
  program.set(node, ...children)
  await program.minutes(5)
  expect(heads(sends(on.takeSaid()))).toEqual([expect.stringMatching(/Node|node/)])
  program.clear(node, ...children.slice(1))
  await program.minutes(40)
  const said = on.takeSaid()
  expect(heads(rings(said))).toEqual([expect.stringContaining('channel:800000x1x0')])
  expect(sends(said)).toHaveLength(2)
})

it('31: a critical alert rings after 0, 15, 30 and 45 minutes, then in the second chat', async () => {
  await using on = await setUp({ chatIds: [77, 78] })
  const { program } = on
  program.desk.box(78).change({
    preferences: { ...program.desk.box(78).state.preferences, isSecond: true },
  })
  program.set(reading('lnd.down', 'node'))
  await program.minutes(59)
  const said = on.takeSaid()
  const first = rings(said)[0]?.at ?? 0
  expect(rings(said).map(({ at }) => Math.round((at - first) / 60_000))).toEqual([0, 15, 30, 45])
  expect(on.takeSaid(78)).toEqual([])
  await program.minutes(4)
  const [message] = on.shown(78).slice(-1)
  expect(rings(on.takeSaid(78))).toHaveLength(1)
  const pressed = on.api.press(78, message?.messageId ?? 0, '✅ Ack')
  await program.until(() => on.takeSaid(77).some(({ text }) => text.includes('taken on by')))
  expect(await pressed).toMatch(/Taken on/)
  await program.calm()
  expect(on.takeSaid(78).some(({ text }) => text.includes('taken on by Person 78'))).toBe(true)
  await program.minutes(60)
  expect(rings([...on.takeSaid(77), ...on.takeSaid(78)])).toEqual([])
})
