import { describe, expect, it } from 'vitest'
import { Chats } from '../../src/bot/chats.ts'
import { COMMANDS } from '../../src/bot/commands.ts'
import type { BotPorts } from '../../src/bot/contracts.ts'
import { readPress } from '../../src/bot/words.ts'
import { createLog } from '../../src/log.ts'
import type { Message } from '../../src/messages/message.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { AWKWARD_CHANNELS, FakeMemory } from '../support/fake-memory.ts'
import { manualClock } from '../support/manual-clock.ts'
import { expectValid } from '../support/telegram-html.ts'
import { FACTS, FakeDocuments, fakeAlerts, fakeDigests, NOW, OWNER } from './support.ts'

// What a command says when it did not understand its words.
const NOT_UNDERSTOOD =
  /does not know|No channel of this node|Which channel|No time zone|There is no|not remembered/

/** Answers what a button sends back, as the bot does. */
async function press(ports: BotPorts, chats: Chats, data: string): Promise<readonly Message[]> {
  const { name, words } = readPress(data)
  const command = COMMANDS.find((one) => one.name === name)
  const chat = chats.get(OWNER)
  if (command === undefined || chat === undefined) throw new Error(`nothing answers ${data}`)
  const reply = await command.run(words, {
    chat,
    chats,
    ports,
    reading: { now: NOW, timeZone: 'UTC' },
    commands: COMMANDS,
    telegram: {
      username: undefined,
      chats: 1,
      deadChats: 0,
      lastTroubleAt: undefined,
      droppedReplies: 0,
    },
    forget: async () => undefined,
    tellAlerts: () => undefined,
    by: 'operator',
    isPress: true,
  })
  return reply.messages
}

describe('every button', () => {
  it('that can be reached says something which its command understands', async () => {
    const documents = new FakeDocuments()
    const memory = new FakeMemory(AWKWARD_CHANNELS, NOW - 200 * 3_600_000)
    const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
    const clock = manualClock(NOW)
    const log = createLog('silent', [])
    const alerts = await fakeAlerts(documents, clock)
    const digests = fakeDigests(memory, analyzer, clock)
    const ports = { ...FACTS, clock, log, memory, analyzer, documents, alerts, digests }
    const nothing = () => undefined
    const follower = { opened: nothing, revived: nothing, closed: nothing, migrated: () => [] }
    const chats = await Chats.load(documents, [OWNER], 'UTC', follower)
    const seen = new Set(COMMANDS.map(({ name }) => name).filter((name) => name !== 'revoke'))
    const typed = seen.size
    for (const data of seen) {
      const messages = await press(ports, chats, data)
      messages.forEach(expectValid)
      const isTyped = [...seen].indexOf(data) < typed
      const said = messages.map(({ text }) => text.markup).join('\n')
      if (!isTyped) expect(said, data).not.toMatch(NOT_UNDERSTOOD)
      for (const button of messages.flatMap(({ buttons }) => buttons.flat())) seen.add(button.data)
    }
    expect(seen.size).toBeGreaterThan(500)
  }, 30_000)
})
