import { describe, expect, it } from 'vitest'
import type { LndStatus } from '../../src/lightning/node-status.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { channelMessages } from '../../src/messages/channel.ts'
import {
  CHANNEL_SECTIONS,
  type ChannelSection,
  sectionMessages,
} from '../../src/messages/channel-sections.ts'
import { chooseChannel, noChannel } from '../../src/messages/matches.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { AWKWARD_CHANNELS, FakeMemory } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, read, shown } from './support.ts'

const HOUR = 3_600_000
const memory = new FakeMemory(AWKWARD_CHANNELS, NOW - 200 * HOUR)
const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
const LISTENING: LndStatus = { state: 'listening', since: NOW, detail: '', reconnects: 0 }

function viewOf(from: FakeMemory, scid: Scid) {
  const view = from.channel(scid, '7d', NOW)
  if (view === undefined) throw new Error(`no such channel: ${scid}`)
  return view
}

function show(scid: Scid, from = analyzer, lnd = LISTENING) {
  const found = from.opportunities('7d')
  const opportunity = found?.rows.find((row) => row.scid === scid)
  const analysed = found && opportunity && { at: found.at, opportunity }
  const view = viewOf(memory, scid)
  const messages = channelMessages({ view, window: '7d', lnd, analysed }, READING)
  for (const message of messages) expectValid(message)
  return messages
}

function open(scid: Scid, section: ChannelSection, from = memory, lnd = LISTENING) {
  const view = viewOf(from, scid)
  const aliasOf = (other: Scid) => from.channels.find((one) => one.scid === other)?.alias ?? ''
  const messages = sectionMessages({ view, window: '7d', section, lnd, aliasOf }, READING)
  for (const message of messages) expectValid(message)
  return messages
}

describe(channelMessages, () => {
  it('opens with what was missed, what to do with its figures, and how sure that is', async () => {
    await expect(shown(...show('800123x45x1'))).toMatchFileSnapshot('snapshots/channel.html')
  })

  it('leaves out a second figure of less than a sat', () => {
    const found = analyzer.opportunities('7d')
    const one = found?.rows.find(({ scid }) => scid === '800123x45x1')
    if (found === undefined || one === undefined) throw new Error('not analysed')
    const other = { expectedMsat: 999n, lowMsat: 0n, highMsat: 999n }
    const analysed = { at: found.at, opportunity: { ...one, missed: { ...one.missed, other } } }
    const view = viewOf(memory, one.scid)
    const messages = channelMessages({ view, window: '7d', lnd: LISTENING, analysed }, READING)
    expect(messages.map(read).join()).not.toMatch(/for other reasons/)
  })

  it('has its own advice for each of a dozen channels, on one screen of a phone', async () => {
    const others = AWKWARD_CHANNELS.slice(1).map(({ scid }) => show(scid))
    await expect(shown(...others.flat())).toMatchFileSnapshot('snapshots/channel-others.html')
    for (const messages of [show('800123x45x1'), ...others]) {
      expect(messages).toHaveLength(1)
      expect(messages.map(read).join().split('\n').length).toBeLessThanOrEqual(27)
    }
  })

  it('says that the analysis is still to come, and shows what is there', async () => {
    const unanalysed = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
    unanalysed.at = undefined
    const messages = show('800123x45x1', unanalysed)
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/channel-unanalysed.html')
  })

  it('says when all that was refused came after the analysis', () => {
    const calm = AWKWARD_CHANNELS.map((one) => ({ ...one, refused: [] }))
    const earlier = new FakeAnalyzer(calm, NOW, NOW - 40 * 60_000)
    expect(show('800123x45x1', earlier).map(read).join()).toMatch(
      /^alice: 229 attempts refused in 7 days\n.* since the analysis of 13:25/,
    )
  })

  it('says of when the analysis is once it is older than minutes', () => {
    const old = new FakeAnalyzer(AWKWARD_CHANNELS, NOW, NOW - 65 * 60_000)
    const recent = new FakeAnalyzer(AWKWARD_CHANNELS, NOW, NOW - 4 * 60_000)
    expect(show('800123x45x1', old).map(read).join()).toMatch(/≈ as of 13:00/)
    expect(show('800123x45x1', recent).map(read).join()).not.toMatch(/as of/)
  })

  it('takes back an amount to move in for which there is no room any more', () => {
    const view = viewOf(memory, '800123x45x1')
    const opportunity = analyzer.opportunities('7d')?.rows.find(({ scid }) => scid === view.scid)
    if (!opportunity || !view.channel) throw new Error('the fakes changed')
    const filled = { ...view, channel: { ...view.channel, remoteMsat: 500_000_000n } }
    const data = { window: '7d', lnd: LISTENING, analysed: { at: NOW, opportunity } } as const
    const text = channelMessages({ ...data, view: filled }, READING)
      .map(read)
      .join()
    expect(text).toMatch(/Balance has come in since the analysis\nIt advised 1M sat; /)
    expect(text).not.toMatch(/Rebalance/)
  })

  it('says when its figures stand still', () => {
    const lnd: LndStatus = { ...LISTENING, state: 'unreachable', since: NOW - 14 * 60_000 }
    const [message] = show('800123x45x1', analyzer, lnd)
    expect(message?.text.markup).toMatch(/🔴 Blind since 13:51: LND cannot be reached/)
  })
})

describe(sectionMessages, () => {
  it.each(CHANNEL_SECTIONS)('has the rest behind a button: %s', async (section) => {
    const messages = [
      ...open('800123x45x1', section),
      ...open('745210x88x0', section),
      ...open('745211x88x0', section),
      ...open('745212x88x0', section),
    ]
    await expect(shown(...messages)).toMatchFileSnapshot(`snapshots/channel-${section}.html`)
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
    expect(open('1x1x1', 'refusals', new FakeMemory([channel], 0))).toHaveLength(1)
  })
})

describe('naming a channel', () => {
  it('asks which of several was meant, and says how channels are named', async () => {
    const choose = chooseChannel('a', memory.find('a'), '24h', 'explain')
    const none = noChannel('<zoe> & co')
    expectValid(choose)
    expectValid(none)
    await expect(shown(choose, none)).toMatchFileSnapshot('snapshots/channel-choice.html')
  })
})
