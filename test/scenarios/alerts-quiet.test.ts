import { describe, expect, it } from 'vitest'
import type { Preferences } from '../../src/alerts/preferences.ts'
import { channel, heads, reading, rings, sends, setUp } from './alert-setting.ts'

const SPIKE = reading('spike.local', channel(1))
const HOUR_MS = 3_600_000

type Setting = Awaited<ReturnType<typeof setUp>>

function prefer({ program }: Setting, change: Partial<Preferences>): void {
  const box = program.desk.box(77)
  box.change({ preferences: { ...box.state.preferences, ...change } })
}

/** Presses a button of the newest message that has it; returns what pops up. */
async function press({ api, shown, program }: Setting, label: string): Promise<string | undefined> {
  const message = [...shown()].reverse().find(({ buttons }) => {
    return buttons.flat().some((button) => button.label === label)
  })
  let isDone = false
  const pressed = api.press(77, message?.messageId ?? 0, label).finally(() => {
    isDone = true
  })
  await program.until(() => isDone)
  await program.calm()
  return pressed
}

it('21: what fires again after a mute rings, though it was over within the mute', async () => {
  await using on = await setUp()
  const { program } = on
  program.set(SPIKE)
  await program.minutes(3)
  await press(on, '🔕 1h')
  expect(on.takeSaid().at(-1)?.text).toMatch(
    /Muted: spikes of .* until 14:0\d \(UTC\)|until 14:0\d/s,
  )
  program.clear(SPIKE)
  await program.minutes(35)
  const quiet = on.takeSaid()
  expect(rings(quiet)).toEqual([])
  expect(quiet.some(({ isEdit, text }) => isEdit && text.startsWith('✅'))).toBe(true)
  await program.minutes(30)
  program.set(SPIKE)
  await program.minutes(3)
  expect(rings(on.takeSaid())).toHaveLength(1)
})

it('22: at the end of a mute, what was announced before and goes on says nothing', async () => {
  await using on = await setUp()
  const { program } = on
  program.set(SPIKE)
  await program.minutes(3)
  await press(on, '🔕 1h')
  on.takeSaid()
  await program.minutes(90)
  expect(on.takeSaid()).toEqual([])
})

it('22: what fired within the mute and goes on is announced at its end, once, in one message', async () => {
  await using on = await setUp()
  const { program } = on
  program.desk.box(77).mute({ subject: undefined, family: 'spike' }, '1h', program.now)
  program.set(SPIKE, reading('spike.local', channel(2)))
  await program.minutes(57)
  expect(on.takeSaid()).toEqual([])
  await program.minutes(10)
  expect(heads(sends(on.takeSaid()))).toEqual([
    expect.stringMatching(/2 alerts while it was quiet/),
  ])
})

it('23: a mute of spikes for good lets a force-close of that channel ring', async () => {
  await using on = await setUp()
  const { program } = on
  const box = program.desk.box(77)
  box.mute({ subject: channel(1), family: 'spike' }, 'forever', program.now)
  box.mute({ subject: channel(1), family: undefined }, 'forever', program.now)
  program.set(SPIKE, reading('peer.offline', channel(1), { severity: 'crit' }))
  await program.minutes(17)
  expect(heads(rings(on.takeSaid()))).toEqual([expect.stringMatching(/🚨/)])
})

describe('24: a night in Berlin', () => {
  it.each([
    ['spring, an hour short', '2026-03-28T21:00:00Z', '2026-03-29T05:00:00Z', 8],
    ['autumn, an hour long', '2026-10-24T20:00:00Z', '2026-10-25T06:00:00Z', 10],
  ])('in %s', async (_name, from, to, hours) => {
    const start = Date.parse(from)
    await using on = await setUp({ start, timeZone: 'Europe/Berlin' })
    const { program } = on
    expect(Date.parse(to) - start).toBe(hours * HOUR_MS)
    prefer(on, { quietHours: { from: 22 * 60, to: 7 * 60 } })
    program.set(SPIKE)
    await program.minutes(60)
    program.clear(SPIKE)
    program.set(reading('spike.local', channel(2)))
    await program.minutes(hours * 60 - 62)
    expect(on.takeSaid()).toEqual([])
    await program.minutes(10)
    const said = on.takeSaid()
    expect(heads(sends(said))).toEqual([expect.stringMatching(/2 alerts while it was quiet/)])
    const at = said[0]?.at ?? 0
    expect(Math.abs(start + at - Date.parse(to))).toBeLessThan(2 * 60_000)
    await program.minutes(120)
    expect(sends(on.takeSaid())).toEqual([])
  })

  it('lets a critical alert ring, unless the chat said otherwise', async () => {
    await using on = await setUp({ start: Date.parse('2026-11-21T23:00:00Z') })
    const { program } = on
    prefer(on, { quietHours: { from: 22 * 60, to: 7 * 60 } })
    program.set(reading('lnd.down', 'node'))
    await program.minutes(3)
    expect(rings(on.takeSaid())).toHaveLength(1)
    prefer(on, { critInQuiet: false })
    await program.minutes(30)
    expect(rings(on.takeSaid())).toEqual([])
  })
})

it('25: a new time zone counts at once, within quiet hours too, and nothing is lost', async () => {
  await using on = await setUp({ start: Date.parse('2026-11-21T23:00:00Z') })
  const { program, api } = on
  prefer(on, { quietHours: { from: 22 * 60, to: 7 * 60 } })
  program.set(SPIKE)
  await program.minutes(10)
  expect(on.takeSaid()).toEqual([])
  api.say(77, '/timezone Asia/Tokyo')
  await program.until(() => on.shown().at(-1)?.text.includes('Asia/Tokyo'))
  on.takeSaid()
  await program.minutes(2)
  expect(rings(on.takeSaid())).toHaveLength(1)
})

describe('26: a clock that steps', () => {
  it('two hours back: fires and ends nothing, and a mute is not longer than granted', async () => {
    await using on = await setUp()
    const { program } = on
    program.set(SPIKE)
    await program.minutes(3)
    await press(on, '🔕 1h')
    program.set(reading('spike.local', channel(2)))
    program.desk.box(77).mute({ subject: channel(2), family: 'spike' }, '1h', program.now)
    on.takeSaid()
    program.wallMs = -2 * HOUR_MS
    await program.minutes(55)
    expect(sends(on.takeSaid())).toEqual([])
    await program.minutes(10)
    expect(rings(on.takeSaid())).toHaveLength(1)
  })

  it('a day ahead: fires and ends nothing', async () => {
    await using on = await setUp()
    const { program } = on
    program.set(SPIKE, reading('peer.offline', 'peer:peer3'))
    await program.minutes(5)
    on.takeSaid()
    program.wallMs = 24 * HOUR_MS
    await program.minutes(5)
    expect(on.takeSaid()).toEqual([])
    expect([...program.desk.book.all()].map(({ state }) => state)).toEqual(['firing'])
  })

  it('six hours asleep: a gap, in which nothing fires and nothing is over', async () => {
    await using on = await setUp()
    const { program } = on
    program.set(SPIKE, reading('peer.offline', 'peer:peer3'))
    await program.minutes(5)
    on.takeSaid()
    program.clear(SPIKE)
    await program.minutes(6)
    await program.clock.advance(6 * HOUR_MS)
    await program.pass()
    await program.minutes(1)
    expect(sends(on.takeSaid())).toEqual([])
    await program.minutes(25)
    expect(sends(on.takeSaid())).toHaveLength(2)
  })
})
