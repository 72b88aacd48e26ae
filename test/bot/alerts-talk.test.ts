import { expect, it } from 'vitest'
import { channel, OWNER, reading, setUp, spike } from '../scenarios/alert-setting.ts'

type On = Awaited<ReturnType<typeof setUp>>

it('a conversation about an alert: it rings, is taken on and muted, goes on in place, and is over', async () => {
  await using on = await setUp({ timeZone: 'Europe/Berlin', nameOf: () => 'ACINQ' })
  const lines: string[] = []
  const note = () => {
    for (const { isEdit, isSilent, text } of on.takeSaid()) {
      const how = isEdit ? '(in place)' : isSilent ? '(without a sound)' : '(rings)'
      lines.push(how, text, '')
    }
  }
  on.program.set(reading('spike.local', channel(1)))
  await on.program.minutes(2)
  note()
  await press(on, '✅ Ack', lines)
  note()
  await press(on, '8h', lines)
  note()
  on.program.set(reading('spike.local', channel(1), { facts: spike({ failed: 140 }) }))
  await on.program.minutes(12)
  note()
  on.program.world.clear()
  await on.program.minutes(60)
  note()
  lines.push('▶ /alerts past', '')
  on.api.say(OWNER, '/alerts past')
  await on.program.minutes(1)
  note()
  await expect(`${lines.join('\n').trim()}\n`).toMatchFileSnapshot('snapshots/alert.txt')
})

it('an alert that rings in a chat which hides names and amounts tells neither', async () => {
  await using on = await setUp({ nameOf: () => 'ACINQ' })
  on.api.say(OWNER, '/settings privacy on')
  await on.program.minutes(1)
  on.takeSaid()
  on.program.set(reading('spike.local', channel(1)), reading('revenue.missed', channel(2)))
  await on.program.minutes(5)
  on.program.world.clear()
  await on.program.minutes(60)
  const said = on.takeSaid().map(({ text }) => text)
  expect(said.length).toBeGreaterThan(3)
  for (const text of said) {
    expect(text).toMatch(/peer [A-Z]{4}/)
    expect(text).not.toMatch(/ACINQ|\d+x\d+x\d+|\d[\d,.]*[kMG]? sat/)
  }
})

it('an alert about the node itself does not call it a peer where names are hidden', async () => {
  await using on = await setUp({ nameOf: () => 'ACINQ' })
  on.api.say(OWNER, '/settings privacy on')
  await on.program.minutes(1)
  on.takeSaid()
  on.program.set(reading('revenue.missed', 'node'))
  await on.program.minutes(5)
  on.program.world.clear()
  await on.program.minutes(60)
  const said = on.takeSaid().map(({ text }) => text)
  expect(said.length).toBeGreaterThan(1)
  for (const text of said) {
    expect(text.split('\n')[0]).toMatch(/This node/)
    expect(text).not.toMatch(/peer [A-Z]{4}|ACINQ/)
  }
})

/** Presses a button of the newest message that has it. */
async function press({ api, program, shown }: On, label: string, lines: string[]): Promise<void> {
  const message = [...shown()]
    .reverse()
    .find(({ buttons }) => buttons.flat().some((one) => one.label === label))
  lines.push(`▶ [${label}]`, '')
  let isDone = false
  void api.press(OWNER, message?.messageId ?? 0, label).then(() => {
    isDone = true
  })
  await program.until(() => isDone)
  await program.calm()
}
