import { describe, expect, it } from 'vitest'
import type { LndStatus } from '../../src/lightning/node-status.ts'
import { NOT_ANALYSED_YET, sinceAnalysis } from '../../src/messages/estimate.ts'
import type { Html } from '../../src/messages/html.ts'
import { topMessage } from '../../src/messages/top.ts'
import { TOP_PAGE } from '../../src/messages/top-buttons.ts'
import type { RankQuestion } from '../../src/stats/views.ts'
import { AWKWARD_CHANNELS, FakeMemory } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, read, shown } from './support.ts'

const HOUR = 3_600_000
const LISTENING: LndStatus = {
  state: 'listening',
  since: NOW - 5 * HOUR,
  detail: '',
  reconnects: 0,
}

function ask(
  memory: FakeMemory,
  asked: Partial<RankQuestion> = {},
  lnd = LISTENING,
  unanalysed?: Html,
) {
  const question: RankQuestion = {
    window: '24h',
    order: 'missed',
    family: undefined,
    offset: 0,
    limit: TOP_PAGE,
    ...asked,
  }
  const message = topMessage(
    {
      ranking: memory.rank(question, NOW),
      node: memory.node(question.window, NOW),
      status: memory.status(NOW),
      lnd,
    },
    READING,
    unanalysed,
  )
  expectValid(message)
  return message
}

const twelve = () => new FakeMemory(AWKWARD_CHANNELS, NOW - 30 * HOUR)

describe(topMessage, () => {
  it('ranks a family by the fees offered and says that this is an upper bound', async () => {
    const message = ask(twelve(), { family: 'liquidity' })
    await expect(shown(message)).toMatchFileSnapshot('snapshots/top-family.html')
    expect(read(message)).toMatch(/upper bound/)
  })

  it('says that what was missed is still to come, or comes with the next analysis', () => {
    expect(read(ask(twelve(), {}, LISTENING, NOT_ANALYSED_YET))).toMatch(
      /^363 attempts refused[\s\S]*still being worked out: ask again in a minute/,
    )
    const since = sinceAnalysis(NOW - 40 * 60_000, READING)
    expect(read(ask(twelve(), {}, LISTENING, since))).toMatch(/since the analysis of 13:25/)
  })

  it('ranks by what was earned', async () => {
    await expect(shown(ask(twelve(), { order: 'earned', window: '7d' }))).toMatchFileSnapshot(
      'snapshots/top-earned.html',
    )
  })

  it('ranks by volume, by failures, and within one family', async () => {
    const memory = twelve()
    const messages = [
      ask(memory, { order: 'volume', window: '30d' }),
      ask(memory, { order: 'failures', window: '1h' }),
      ask(memory, { family: 'peer' }),
    ]
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/top-others.html')
  })

  it('has a second page that leads back', () => {
    const message = ask(twelve(), { offset: TOP_PAGE })
    expect(read(message)).toMatch(/9–11 of 11 channels/)
    expect(message.buttons.flat().map(({ label }) => label)).toContain('‹ back')
  })

  it('says since when it listens and what it saw when nothing was refused yet', async () => {
    const quiet = AWKWARD_CHANNELS.map((channel) => ({ ...channel, refused: [], settled: 0 }))
    const fresh = new FakeMemory(quiet, NOW - 12 * 60_000)
    const busy = new FakeMemory(
      AWKWARD_CHANNELS.map((channel) => ({ ...channel, refused: [] })),
      NOW - 26 * HOUR,
    )
    const messages = [
      ask(fresh),
      ask(busy),
      ask(busy, { family: 'liquidity' }),
      ask(fresh, { order: 'earned' }),
    ]
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/top-quiet.html')
  })

  it('has its own sentences for a node without channels, with one and with three', async () => {
    const none = new FakeMemory([], NOW - HOUR)
    const one = new FakeMemory(AWKWARD_CHANNELS.slice(8, 9), NOW - HOUR)
    const three = new FakeMemory(AWKWARD_CHANNELS.slice(0, 3), NOW - HOUR)
    await expect(shown(ask(none), ask(one), ask(three))).toMatchFileSnapshot(
      'snapshots/top-few.html',
    )
  })

  it('says when its figures stand still', () => {
    const message = ask(twelve(), {}, { ...LISTENING, state: 'locked', since: NOW - 14 * 60_000 })
    expect(read(message)).toMatch(/Blind since 13:51: LND's wallet is locked\. \/status says more/)
  })

  it('says why nothing was heard when LND was never reached', async () => {
    const memory = new FakeMemory([], undefined)
    const locked: LndStatus = { ...LISTENING, state: 'locked' }
    await expect(shown(ask(memory, {}, locked))).toMatchFileSnapshot('snapshots/top-unheard.html')
  })
})
