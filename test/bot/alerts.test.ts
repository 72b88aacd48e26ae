import { describe, expect, it } from 'vitest'
import { spikeDownstream } from '../../src/alerts/kinds/spike-downstream.ts'
import type { Subject } from '../../src/analyzer/reading.ts'
import { SETTINGS } from '../../src/bot/settings.ts'
import { alertText } from '../../src/messages/alerts/texts.ts'
import { channel, NOW, reading, setUp } from '../scenarios/alert-setting.ts'

const DIGESTS_OFF = { daily: false, weekly: false, minute: undefined }

type Setting = Awaited<ReturnType<typeof setUp>>

/** Says something and returns the answer as it stands. */
async function ask({ api, program, shown }: Setting, text: string): Promise<string> {
  const before = shown().length
  api.say(77, text)
  await program.until(() => shown().length > before)
  return shown().at(-1)?.text ?? ''
}

/** Presses a button of the newest message that has it, and waits for what it does. */
async function press({ api, program, shown }: Setting, label: string): Promise<string | undefined> {
  const message = [...shown()]
    .reverse()
    .find(({ buttons }) => buttons.flat().some((one) => one.label === label))
  let isDone = false
  const pressed = api.press(77, message?.messageId ?? 0, label).finally(() => {
    isDone = true
  })
  const before = JSON.stringify(shown())
  await program.until(() => isDone)
  // A notice is all that some presses do.
  if ((await pressed) === undefined) await program.until(() => JSON.stringify(shown()) !== before)
  await program.calm()
  return pressed
}

function preferences({ program }: Setting) {
  return program.desk.box(77).state.preferences
}

const spikes = (count: number) =>
  Array.from({ length: count }, (_, i) => reading('spike.local', channel(i)))

describe('/alerts', () => {
  it('lists what is wrong, page by page, and opens each as a message of its own', async () => {
    await using on = await setUp()
    expect(await ask(on, '/alerts')).toMatch(/Nothing is wrong now/)
    on.program.set(...spikes(10))
    await on.program.minutes(3)
    expect(await ask(on, '/alerts')).toMatch(/^10 alerts now/)
    await press(on, 'more ›')
    expect(on.shown().at(-1)?.text).toMatch(/^10 alerts now\n9\. /)
    await press(on, '10')
    await on.program.until(() => on.shown().at(-1)?.text.includes('Cause: too little to send'))
    await press(on, 'new normal')
    await on.program.calm()
    expect(await ask(on, '/alerts')).toMatch(/^9 alerts now/)
    expect(await ask(on, '/alerts past')).toMatch(/^1 alert over in the past week/)
    expect(await ask(on, '/alerts nonsense')).toMatch(/There is no alert/)
  })

  it('shows a sender’s retries as what they are: payments, and attempts beside', async () => {
    await using on = await setUp()
    on.program.set(...spikes(1))
    await on.program.minutes(2)
    expect(on.shown().at(-1)?.text).toMatch(/47 payments failed.*\n312 attempts/)
  })
})

describe('mutes', () => {
  it('by button name their end in the chat’s time, widen, and are undone', async () => {
    await using on = await setUp({ timeZone: 'Europe/Berlin' })
    on.program.set(...spikes(1))
    await on.program.minutes(2)
    await press(on, '8h')
    expect(on.shown().at(-1)?.text).toMatch(/Muted: spikes of .*\nuntil 22:0\d \(Europe\/Berlin\)/)
    await press(on, 'whole peer')
    expect(on.shown().at(-1)?.text).toMatch(/Muted: spikes of peer /)
    expect(await ask(on, '/mutes')).toMatch(/^2 mutes in force/)
    await press(on, 'undo')
    expect(await ask(on, '/mutes')).toMatch(/^1 mute in force/)
    expect(await ask(on, '/unmute all')).toMatch(/1 mute ended/)
    expect(await ask(on, '/mutes')).toMatch(/Nothing is muted here/)
  })

  it('by words cover a family, and ask for how long when that is not said', async () => {
    await using on = await setUp()
    expect(await ask(on, '/mute spike.local 1d')).toMatch(/Muted: spikes\nuntil/)
    expect(await ask(on, '/mute liq')).toMatch(/Mute low outbound for how long\?/)
    await press(on, 'for good')
    expect(on.shown().at(-1)?.text).toMatch(/Muted: low outbound\nfor good/)
    expect(await ask(on, '/mute nobody 1h')).toMatch(/No channel of this node matches/)
    expect(await ask(on, '/mute nobody 3y')).toMatch(/No channel of this node matches nobody 3y/)
    expect(await ask(on, '/mute spike 3y')).toMatch(/^\/mute does not know the time 3y/)
    expect(await ask(on, '/mute')).toMatch(/What should be muted/)
    expect(await ask(on, '/unmute 99')).toMatch(/over already/)
  })
})

describe('/settings', () => {
  it('shows every row, and each opens a page that leads back', async () => {
    await using on = await setUp()
    const overview = await ask(on, '/settings')
    const rows = on.shown().at(-1)?.buttons.flat() ?? []
    expect(rows.length).toBe(SETTINGS.length)
    for (const { label } of rows) {
      await press(on, label)
      expect(on.shown().at(-1)?.text).not.toBe(overview)
      await press(on, '‹ all settings')
      expect(on.shown().at(-1)?.text).toBe(overview)
    }
  })

  it.each<[string, (at: Setting) => unknown, unknown]>([
    ['/settings sensitivity high', (on) => preferences(on).sensitivity, 'high'],
    ['/sensitivity LOW', (on) => preferences(on).sensitivity, 'low'],
    ['/settings kinds liq.low silent', (on) => preferences(on).loudness, { 'liq.low': 'silent' }],
    ['/settings quiet 21:30 6.45', (on) => preferences(on).quietHours, { from: 1290, to: 405 }],
    ['/settings quiet crit', (on) => preferences(on).critInQuiet, false],
    ['/settings revenue 3,000', (on) => preferences(on).revenueMsat, 3_000_000n],
    ['/settings liquidity 15%', (on) => preferences(on).lowPct, 15],
    ['/settings Missed Fees 3,000 sat', (on) => preferences(on).revenueMsat, 3_000_000n],
    ['/settings missed 100', (on) => preferences(on).revenueMsat, 100_000n],
    ['/settings low outbound 15 %', (on) => preferences(on).lowPct, 15],
    [
      '/settings quiet hours 21:30 6.45',
      (on) => preferences(on).quietHours,
      { from: 1290, to: 405 },
    ],
    ['/settings this chat last resort', (on) => preferences(on).isSecond, true],
    ['/settings second yes', (on) => preferences(on).isSecond, true],
    ['/settings digest 6.45', (on) => preferences(on).digests.minute, 405],
    ['/settings digest daily off', (on) => preferences(on).digests.daily, false],
    ['/settings digest Weekly OFF', (on) => preferences(on).digests.weekly, false],
    ['/settings digest off', (on) => preferences(on).digests, DIGESTS_OFF],
  ])('takes %s, and keeps it over a restart', async (said, value, expected) => {
    await using on = await setUp()
    await ask(on, said)
    expect(value(on)).toEqual(expected)
    await on.program.restart()
    expect(value(on)).toEqual(expected)
  })

  it.each([
    '/settings sensitivity extreme',
    '/settings kinds liq.low loud',
    '/settings kinds whatever',
    '/settings quiet 25:00 7',
    '/settings quiet 7 7',
    '/settings revenue -5',
    '/settings revenue 0',
    '/settings liquidity 70',
    '/settings second maybe',
    '/settings digest 24:00',
    '/settings digest daily',
    '/settings digest weekly never',
    '/settings digest daily constructor',
    '/settings digest 09:00 junk',
    '/settings digest off junk',
    '/settings digest daily off junk',
    '/settings quiet 22:00 07:00 junk',
    '/settings quiet off junk',
    '/settings kinds liq.low silent junk',
    '/settings sensitivity low junk',
    '/settings revenue 3000 junk',
    '/settings low 200',
    '/settings privacy on junk',
    '/settings formats de-DE junk',
  ])('refuses %s with an example of how to say it', async (said) => {
    await using on = await setUp()
    const before = preferences(on)
    expect(await ask(on, said)).toMatch(
      /no value of this setting\nIt takes: .+\.\nFor example \/settings/,
    )
    expect(preferences(on)).toEqual(before)
  })

  it('says that there is no such setting, and which there are', async () => {
    await using on = await setUp()
    expect(await ask(on, '/settings banana')).toMatch(
      /^There is no setting banana\nThere are: sensitivity, kinds, quiet, .*privacy\.$/,
    )
    expect(on.shown().at(-1)?.buttons.flat().length).toBe(SETTINGS.length)
    expect(await ask(on, '/settings of')).toMatch(/^There is no setting of/)
  })

  it('offers amounts with separators, as all numbers', async () => {
    await using on = await setUp()
    // They are no amounts of the node: a chat that hides those must be able to choose.
    await ask(on, '/settings privacy on')
    await ask(on, '/settings revenue')
    const labels = on
      .shown()
      .at(-1)
      ?.buttons.flat()
      .map(({ label }) => label)
    expect(labels?.slice(0, 5)).toEqual(['500', '1,000', '2,000', '5,000', '10,000'])
  })

  it('does not say that a kind rings which never does', async () => {
    await using on = await setUp()
    const digestAlone = alertText('spike.downstream').label
    expect(spikeDownstream.severity).toBe('digest')
    expect(await ask(on, '/settings kinds')).toContain(`${digestAlone}: in the digest\n`)
    await ask(on, '/settings kinds spike.downstream')
    const labels = on
      .shown()
      .at(-1)
      ?.buttons.flat()
      .map(({ label }) => label)
    expect(labels?.slice(0, 2)).toEqual(['· digest ·', 'off'])
    await ask(on, '/settings kinds spike.downstream off')
    expect(await ask(on, '/settings kinds')).toContain(`${digestAlone}: off\n`)
  })

  it('/sensitivity says what each would mean by the node’s own history', async () => {
    await using on = await setUp()
    expect(await ask(on, '/sensitivity')).toMatch(
      /Low: .*rung 0\.2 times a week.*\nNormal: .*rung 1\.1 times a week.*\nHigh: .*rung 6 times a week here, real ones included/,
    )
  })
})

it('names alerts by the alias that is known when they are told', async () => {
  const names = new Map<Subject, string>([[channel(0), 'alice']])
  await using on = await setUp({ nameOf: (subject) => names.get(subject) ?? '' })
  on.program.set(...spikes(2))
  await on.program.minutes(3)
  const texts = on.shown().map(({ text }) => text)
  expect(texts.some((text) => text.startsWith('🟠 alice: 47'))).toBe(true)
  expect(texts.some((text) => text.startsWith('🟠 800001x1x0: 47'))).toBe(true)
  expect(NOW).toBeGreaterThan(0)
})
