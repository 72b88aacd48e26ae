import { describe, expect, it } from 'vitest'
import type { LndState } from '../../src/lightning/node-status.ts'
import { type StatusData, statusMessages } from '../../src/messages/status.ts'
import { AWKWARD_CHANNELS, FakeMemory } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, shown } from './support.ts'

const HOUR = 3_600_000
const memory = new FakeMemory(AWKWARD_CHANNELS, NOW - 50 * HOUR)

const FINE: StatusData = {
  lnd: { state: 'listening', since: NOW - 5 * HOUR, detail: '', reconnects: 2 },
  node: {
    pubkey: `02ab12cd${'e'.repeat(58)}`,
    alias: 'my <node>',
    version: '0.20.0-beta commit=v0.20.0-beta',
    network: 'mainnet',
    blockHeight: 905_398,
    syncedToChain: true,
    syncedToGraph: true,
  },
  memory: memory.status(NOW),
  program: {
    programVersion: '0.1.0',
    nodeVersion: 'v24.11.0',
    startedAt: NOW - 50 * HOUR,
    storeBytes: 4_250_000,
    savedAt: NOW - 3_000,
    saveFailing: undefined,
  },
  telegram: {
    username: 'missed_sats_bot',
    chats: 2,
    deadChats: 0,
    lastTroubleAt: undefined,
    droppedReplies: 0,
  },
  sparse: [],
}

function show(data: StatusData) {
  const messages = statusMessages(data, READING)
  expect(messages).toHaveLength(1)
  for (const message of messages) expectValid(message)
  return messages
}

describe(statusMessages, () => {
  it('is short when all is well', async () => {
    await expect(shown(...show(FINE))).toMatchFileSnapshot('snapshots/status-fine.html')
  })

  it('explains gaps, what was left out, and trouble with saving and Telegram', async () => {
    const troubled: StatusData = {
      ...FINE,
      lnd: {
        state: 'unreachable',
        since: NOW - 14 * 60_000,
        detail: 'connect ECONNREFUSED <1.2.3.4>',
        reconnects: 12,
      },
      node: FINE.node && { ...FINE.node, alias: '', syncedToChain: false, syncedToGraph: false },
      memory: {
        ...FINE.memory,
        streamUp: false,
        dropped: { finals: 20_412, replays: 12, unmatched: 7, foreign: 1_204, unknown: 2 },
        evictedChannels: 3,
        cleanedChannels: 1,
        lostHtlcs: 4,
        shedEvents: 90_000,
        demandsClosedEarly: 12,
        foldedDemands: 40_000,
        droppedDayTotals: 3,
        gaps: [
          { from: NOW - 14 * 60_000, to: undefined },
          { from: NOW - 30 * HOUR, to: NOW - 29 * HOUR },
        ],
        unknowns: [{ name: 'DETAIL_41', count: 2 }],
      },
      program: {
        ...FINE.program,
        saveFailing: 'the disk is full (SQLITE_FULL)',
        savedAt: NOW - HOUR,
      },
      telegram: {
        ...FINE.telegram,
        deadChats: 1,
        lastTroubleAt: NOW - 2 * HOUR,
        droppedReplies: 1,
      },
    }
    await expect(shown(...show(troubled))).toMatchFileSnapshot('snapshots/status-trouble.html')
  })

  it('says which channels are too quiet for statistics, and what serves them', () => {
    const sparse = Array.from({ length: 40 }, (_, i) => ({
      scid: `${700_000 + i}x1x0` as const,
      alias: i === 0 ? 'quiet <one>' : '',
    }))
    const [message] = show({ ...FINE, memory: { ...FINE.memory, openChannels: 60 }, sparse })
    expect(message?.text.markup).toContain('40 of 60 channels refuse too little')
    expect(message?.text.markup).toContain('quiet &lt;one&gt;, 700001x1x0')
    expect(message?.text.markup).toContain('700029x1x0 and 10 more')
  })

  it('says of every state of LND what to do', async () => {
    const states: readonly LndState[] = [
      'connecting',
      'unreachable',
      'wallet-missing',
      'locked',
      'starting',
      'bad-certificate',
      'bad-macaroon',
      'no-permission',
      'too-old',
      'listening',
    ]
    const heads = states.map((state) => {
      const [message] = show({
        ...FINE,
        node: undefined,
        lnd: { ...FINE.lnd, state, detail: state === 'listening' ? '' : "LND's own words" },
        memory: { ...FINE.memory, listeningSince: undefined },
      })
      return message?.text.markup.split('\n\n')[0]
    })
    await expect(heads.join('\n\n')).toMatchFileSnapshot('snapshots/status-states.html')
  })
})
