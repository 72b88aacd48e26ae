import { describe, expect, it } from 'vitest'
import type { LndStatus } from '../../src/lightning/node-status.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { channelMessages } from '../../src/messages/channel.ts'
import { chooseChannel, noChannel } from '../../src/messages/matches.ts'
import { AWKWARD_CHANNELS, FakeMemory } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, shown } from './support.ts'

const memory = new FakeMemory(AWKWARD_CHANNELS, NOW - 30 * 3_600_000)

const LISTENING: LndStatus = { state: 'listening', since: NOW, detail: '', reconnects: 0 }

function show(scid: Scid, from = memory, lnd = LISTENING) {
  const view = from.channel(scid, '24h', NOW)
  if (view === undefined) throw new Error(`no such channel: ${scid}`)
  const aliasOf = (other: Scid) => from.channels.find((one) => one.scid === other)?.alias ?? ''
  const messages = channelMessages({ view, window: '24h', lnd, aliasOf }, READING)
  for (const message of messages) expectValid(message)
  return messages
}

describe(channelMessages, () => {
  it('shows a channel whole: balances, fees, earnings, refusals with what to do and not', async () => {
    await expect(shown(...show('800123x45x1'))).toMatchFileSnapshot('snapshots/channel.html')
  })

  it('shows channels that are quiet, closed, or not listed any more', async () => {
    const messages = [...show('745210x88x0'), ...show('745211x88x0'), ...show('745212x88x0')]
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/channel-others.html')
  })

  it('says when its figures stand still', () => {
    const lnd: LndStatus = { ...LISTENING, state: 'unreachable', since: NOW - 14 * 60_000 }
    const [message] = show('800123x45x1', memory, lnd)
    expect(message?.text.markup).toMatch(/🔴 Blind since 13:51: LND cannot be reached/)
  })

  it('fits one message even when every class of refusal occurred', () => {
    const terms = [
      'INSUFFICIENT_BALANCE',
      'HTLC_ADD_FAILED',
      'FEE_INSUFFICIENT',
      'UNKNOWN_NEXT_PEER',
      'HTLC_EXCEEDS_MAX',
      'LINK_NOT_ELIGIBLE',
      'WIRE_77',
      'DETAIL_41',
    ]
    const refused = terms.map((failure) => ({
      failure,
      attempts: 1_234_567,
      offeredMsat: 1n,
      volumeMsat: 1n,
    }))
    const channel = { scid: '1x1x1' as const, alias: '<'.repeat(200), refused, settled: 1_000_000 }
    expect(show('1x1x1', new FakeMemory([channel], 0))).toHaveLength(1)
  })
})

describe('naming a channel', () => {
  it('asks which of several was meant, and says how channels are named', async () => {
    const choose = chooseChannel('a', memory.find('a'), '24h')
    const none = noChannel('<zoe> & co')
    expectValid(choose)
    expectValid(none)
    await expect(shown(choose, none)).toMatchFileSnapshot('snapshots/channel-choice.html')
  })
})
