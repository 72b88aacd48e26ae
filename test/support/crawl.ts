import { type Chat, Chats } from '../../src/bot/chats.ts'
import { COMMANDS } from '../../src/bot/commands.ts'
import type { BotPorts } from '../../src/bot/contracts.ts'
import { Readers } from '../../src/bot/readers.ts'
import { readPress } from '../../src/bot/words.ts'
import { createLog } from '../../src/log.ts'
import type { Message } from '../../src/messages/message.ts'
import {
  FACTS,
  FakeDocuments,
  fakeAlerts,
  fakeDigests,
  fakeHistory,
  NOW,
  OWNER,
} from '../bot/support.ts'
import { FakeAnalyzer } from './fake-analyzer.ts'
import { type FakeChannel, FakeMemory, settledOf, standsOf } from './fake-memory.ts'
import { manualClock } from './manual-clock.ts'

/** What was asked, by typing or by a button, and the answer. */
export type Visit = { data: string; isTyped: boolean; messages: readonly Message[] }

/**
 * Asks every command but /revoke of a bot over these channels, and presses every button that comes
 * up, each once; `change` is what the chat has set.
 */
export async function* crawl(
  channels: readonly FakeChannel[],
  change: Partial<Omit<Chat, 'id'>> = {},
): AsyncGenerator<Visit> {
  const ports = await portsOf(channels)
  const nothing = () => undefined
  const follower = { opened: nothing, revived: nothing, closed: nothing, migrated: () => [] }
  const chats = await Chats.load(ports.documents, [OWNER], 'UTC', follower)
  const readers = new Readers(chats)
  const seen = new Set(COMMANDS.map(({ name }) => name).filter((name) => name !== 'revoke'))
  let left = seen.size
  for (const data of seen) {
    // Buttons change settings, too: what is set here stays.
    await chats.update(OWNER, change)
    const messages = await readers.madeFor(OWNER, () => press(ports, chats, data))
    yield { data, isTyped: left-- > 0, messages }
    for (const button of messages.flatMap(({ buttons }) => buttons.flat())) seen.add(button.data)
  }
}

async function portsOf(channels: readonly FakeChannel[]): Promise<BotPorts> {
  const documents = new FakeDocuments()
  const memory = new FakeMemory(channels, NOW - 200 * 3_600_000)
  const analyzer = new FakeAnalyzer(channels, NOW)
  const clock = manualClock(NOW)
  return {
    ...FACTS,
    clock,
    log: createLog('silent', []),
    memory,
    analyzer,
    digests: fakeDigests(memory, analyzer, clock),
    documents,
    alerts: await fakeAlerts(documents, clock),
    history: fakeHistory(settledOf(channels, NOW)),
    stands: () => standsOf(memory, NOW),
  }
}

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
