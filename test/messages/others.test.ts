import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/bot/commands.ts'
import { helpMessage } from '../../src/messages/help.ts'
import { leastMessage, wrongLeast } from '../../src/messages/least.ts'
import type { Message } from '../../src/messages/message.ts'
import * as mistakes from '../../src/messages/mistakes.ts'
import * as revoke from '../../src/messages/revoke.ts'
import * as zone from '../../src/messages/time-zone.ts'
import * as welcome from '../../src/messages/welcome.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, shown } from './support.ts'

const node = {
  pubkey: `02ab12cd${'e'.repeat(58)}`,
  alias: 'Bäcker & Söhne',
  version: '0.20.0-beta',
  network: 'mainnet',
  blockHeight: 905_398,
  syncedToChain: true,
  syncedToGraph: true,
}
const lnd = { state: 'listening' as const, since: NOW, detail: '', reconnects: 0 }

const FAMILIES: Readonly<Record<string, readonly Message[]>> = {
  welcome: [
    welcome.welcomeMessage({ node, lnd }, READING),
    welcome.welcomeMessage({ node: undefined, lnd: { ...lnd, state: 'unreachable' } }, READING),
    welcome.alreadyPaired({ node, lnd }, READING),
    welcome.pairedElsewhere('Family <chat>', -1001234567890),
  ],
  help: [helpMessage(COMMANDS)],
  mistakes: [
    mistakes.strangerMessage(),
    mistakes.wrongCode(),
    mistakes.tooManyChats(100),
    mistakes.unknownCommand('balance'),
    mistakes.notACommand(),
    mistakes.wrongTopWord('<fortnight>'),
    mistakes.channelUsage(),
    mistakes.administratorsOnly(),
    mistakes.failedInside('top'),
    mistakes.topicGone(),
  ],
  'time-zone': [
    zone.askTimeZone(READING),
    zone.timeZoneSet({ ...READING, timeZone: 'Asia/Tokyo' }),
    zone.chooseTimeZone('louis', ['America/Kentucky/Louisville', 'Africa/Port_Louis']),
    zone.noTimeZone('<Gotham>'),
  ],
  least: [
    leastMessage({ demands: 0, sat: 0 }),
    leastMessage({ demands: 3, sat: 50 }),
    leastMessage({ demands: 0, sat: 700 }),
    wrongLeast('<much>'),
  ],
  revoke: [
    revoke.askRevoke({ id: 7, title: '', isHere: true }),
    revoke.revoked({ id: 7, title: '', isHere: true }),
    revoke.notRevoked({ id: 7, title: '<x>', isHere: false }),
    revoke.noSuchChat(),
    revoke.revokeInConfiguration(-1001234567890),
  ],
}

describe('the smaller messages', () => {
  it.each(Object.entries(FAMILIES))('reads well: %s', async (name, messages) => {
    for (const message of messages) expectValid(message)
    await expect(shown(...messages)).toMatchFileSnapshot(`snapshots/${name}.html`)
  })
})
