import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { ADMIN, FakeDocuments, fakeAlerts, GROUP, NOW, OWNER, setUp } from './support.ts'

describe('/top by what was missed', () => {
  it('opens with the best step, and leads to channels and back through its pages', async () => {
    await using it = await setUp()
    const first = await it.ask(OWNER, '/top')
    expect(first.text).toMatch(/^Best single step: ≈ 380 sat \(140–810\) at alice\nRebalance 1M/)
    const second = await it.press(first, 'more ›')
    expect(second).toMatchObject({ messageId: first.messageId, edits: 1 })
    expect(second.text).toMatch(/7–11 of 11/)
    const channel = await it.press(second, '7')
    expect(channel.messageId).not.toBe(first.messageId)
    expect(channel.text).toMatch(/^\u2068مرحبا بالعالم\u2069: missed ≈ 9 sat/)
  })

  it('shows the fees offered until there is an analysis, and says so', async () => {
    await using it = await setUp()
    it.analyzer.at = undefined
    const early = await it.ask(OWNER, '/top')
    expect(early.text).toMatch(/^363 attempts refused, ≤ 873 sat of fees in 7 days/)
    expect(early.text).toMatch(/still being worked out/)
    expect((await it.ask(OWNER, '/channel 800123x45x1')).text).toMatch(/still being worked out/)
    for (const asked of ['/explain', '/explain 800123x45x1', '/demands 800123x45x1']) {
      const { text } = await it.ask(OWNER, asked)
      expect(text).toMatch(/^The first analysis is still being made/)
    }
  })

  it('says when all that was refused came after the analysis', async () => {
    await using it = await setUp()
    it.analyzer.channels = []
    expect((await it.ask(OWNER, '/top')).text).toMatch(/since the analysis of 13:05/)
  })

  it('says that nothing was refused where nothing was', async () => {
    await using it = await setUp()
    it.memory.channels = it.memory.channels.map((one) => ({ ...one, refused: [] }))
    it.analyzer.channels = it.memory.channels
    expect((await it.ask(OWNER, '/top')).text).toMatch(/^Nothing refused in 7 days/)
  })

  it('lists what a chat finds worth listing, also after a restart', async () => {
    await using it = await setUp()
    const limits = await it.ask(OWNER, '/least 5 demands')
    expect(limits.text).toMatch(/^\/top lists channels with at least 5 demands/)
    const both = await it.press(limits, '50+')
    expect(both).toMatchObject({ messageId: limits.messageId })
    expect(both.text).toMatch(/at least 5 demands and ≈ 50 sat missed/)
    await it.restart()
    expect((await it.ask(OWNER, '/top')).text).toMatch(/9 channels below the limits of this chat/)
    expect((await it.ask(OWNER, '/least 3 70')).text).toMatch(/at least 3 demands and ≈ 70 sat/)
    expect((await it.ask(OWNER, '/least all')).text).toMatch(/every channel that refused/)
    expect((await it.ask(OWNER, '/top')).text).not.toMatch(/below the limits/)
    expect((await it.ask(OWNER, '/least lots')).text).toMatch(/\/least does not know lots/)
  })
})

describe('/channel', () => {
  it('has the rest behind buttons, and leads back', async () => {
    await using it = await setUp()
    const channel = await it.ask(OWNER, '/channel 800123x45x1')
    expect(channel.text).toMatch(/^alice: missed ≈ 420 sat \(150–900\) in 7 days/)
    const balance = await it.press(channel, 'Balance & fees')
    expect(balance).toMatchObject({ messageId: channel.messageId })
    expect(balance.text).toMatch(/^alice: balance and fees[\s\S]*can receive/)
    const refusals = await it.press(await it.press(balance, '‹ alice'), 'Refusals')
    expect(refusals.text).toMatch(/229 attempts refused in 7 days[\s\S]*INSUFFICIENT_BALANCE/)
    const day = await it.press(refusals, '24h')
    expect(day.text).toMatch(/229 attempts refused in 24 h/)
    const last = await it.press(await it.press(day, '‹ alice'), 'Last refused')
    expect(last.text).toMatch(/^alice: last refused/)
  })

  it('explains its number step by step, and the node’s', async () => {
    await using it = await setUp()
    const channel = await it.ask(OWNER, '/channel 800123x45x1')
    const why = await it.press(channel, 'Why this number')
    expect(why.text).toMatch(/^alice: why ≈ 420 sat \(150–900\) in 7 days/)
    expect((await it.press(why, '30d')).text).toMatch(/in 30 days/)
    expect((await it.ask(OWNER, '/explain 24h')).text).toMatch(/^This node: why .* in 24 h/)
    expect((await it.ask(OWNER, '/explain born to be 30d')).text).toMatch(/^🕊️ born to be free 🕊️/)
    expect((await it.ask(OWNER, '/explain 30d born to be')).text).toMatch(/^🕊️.* in 30 days/)
    expect((await it.ask(OWNER, '/channel 24h born to be')).text).toMatch(/^🕊️.* in 24 h/)
    expect((await it.ask(OWNER, '/channel born to be day')).text).toMatch(/^🕊️.* in 24 h/)
    const choice = await it.ask(OWNER, '/explain alice')
    const chosen = await it.press(choice, 'alice 800123x45x1 5M sat')
    expect(chosen.text).toMatch(/^alice: why/)
  })

  it('measures a rebalance once the operator says that it is done', async () => {
    await using it = await setUp()
    const channel = await it.ask(OWNER, '/channel 800123x45x1')
    const noted = await it.press(channel, 'Done: I have rebalanced')
    expect(noted.text).toMatch(/^Noted: you rebalanced into alice/)
    expect([...it.analyzer.noted]).toEqual(['800123x45x1'])
    expect((await it.press(noted, 'Track record')).text).toMatch(/^No forecast is measured yet/)
    expect((await it.ask(OWNER, '/done 800123x45x1')).text).toMatch(/^Already being measured/)
    expect((await it.ask(OWNER, '/done born to be')).text).toMatch(/^Nothing to measure yet/)
    expect((await it.ask(OWNER, '/done')).text).toMatch(/^Which channel\?/)
    expect([...it.analyzer.noted]).toEqual(['800123x45x1'])
  })

  it('tells the analyzer which recommendations were shown, since these are forecasts', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/channel 16000000x0x1')
    expect([...it.analyzer.shown]).toEqual(['16000000x0x1'])
    await it.ask(OWNER, '/top')
    expect(it.analyzer.shown.size).toBe(7)
  })
})

describe('/mute', () => {
  it('names the time that it does not know, and offers those that it does', async () => {
    await using it = await setUp()
    const one = await it.ask(OWNER, '/mute 800123x45x1 3y')
    expect(one.text).toMatch(/^\/mute does not know the time 3y/)
    expect(one.buttons.flat().map(({ label }) => label)).toEqual(['1h', '8h', '24h', 'for good'])
    const several = await it.ask(OWNER, '/mute alice 3y')
    expect(several.text).toMatch(/^\/mute does not know the time 3y/)
    expect(several.buttons.flat()).toEqual([])
  })
})

describe('/unmute', () => {
  it('ends what /mute muted by the same words, and asks where they mean several', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/mute 800123x45x1 8h')
    expect((await it.ask(OWNER, '/unmute alice')).text).toMatch(/^🔔 No longer muted: all warnings/)
    await it.ask(OWNER, '/mute liq 8h')
    expect((await it.ask(OWNER, '/unmute liq.low 8h')).text).toMatch(
      /No longer muted: low outbound/,
    )
    expect((await it.ask(OWNER, '/mutes')).text).toMatch(/^Nothing is muted here/)

    const chains = it.memory.find('alice in chains')[0]?.scid ?? ''
    await it.ask(OWNER, '/mute 800123x45x1 8h')
    await it.ask(OWNER, `/mute ${chains} 8h`)
    const which = await it.ask(OWNER, '/unmute alice')
    expect(which.text).toMatch(/^Which mute\? Several match alice/)
    const [first] = which.buttons.flat()
    expect((await it.press(which, first?.label ?? '')).text).toMatch(/^🔔 No longer muted/)
    expect((await it.ask(OWNER, '/mutes')).text).toMatch(/^1 mute in force/)
  })

  it('says that there is no such mute', async () => {
    await using it = await setUp()
    for (const nothing of ['nobody', 'alice', 'spike']) {
      const { text } = await it.ask(OWNER, `/unmute ${nothing}`)
      expect(text).toBe(`There is no mute of ${nothing}\n/mutes lists those in force.`)
    }
  })

  it('ends the mute of a peer by the name of one of its channels', async () => {
    const pubkey = `02${'a'.repeat(64)}`
    const alerts = await fakeAlerts(new FakeDocuments(), manualClock(NOW), () => pubkey)
    await using it = await setUp({ ports: { alerts } })
    const target = { subject: `peer:${pubkey}`, family: 'spike' } as const
    alerts.desk.box(OWNER).mute(target, 'forever', it.clock.now())
    expect((await it.ask(OWNER, '/unmute alice')).text).toMatch(/No longer muted: spikes of peer/)
    expect(alerts.desk.box(OWNER).mutesInForce(it.clock.now())).toEqual([])
  })
})

describe('/demands', () => {
  it('pages through the demands behind a figure', async () => {
    await using it = await setUp()
    const list = await it.press(await it.ask(OWNER, '/channel 800123x45x1'), 'Demands')
    expect(list.text).toMatch(/^alice: 9 demands refused in 7 days[\s\S]*1–8 of 9/)
    const rest = await it.press(list, 'more ›')
    expect(rest.text).toMatch(/^9 of 9/m)
    const old = await it.ask(OWNER, '/demands 800123x45x1')
    it.analyzer.demandCount = 3
    expect((await it.press(old, 'more ›')).text).toMatch(/^alice: 3 demands/)
  })

  it('ignores one and counts it again', async () => {
    await using it = await setUp()
    const list = await it.ask(OWNER, '/demands 800123x45x1')
    const demand = await it.press(list, '2')
    expect(demand.messageId).not.toBe(list.messageId)
    expect(demand.text).toMatch(/^291k sat for alice, Fri 23:05/)
    const ignored = await it.press(demand, 'Ignore this demand')
    expect(ignored).toMatchObject({ messageId: demand.messageId })
    expect(ignored.text).toMatch(/: ignored\n[\s\S]*because you said so/)
    expect([...it.analyzer.ignored]).toEqual([1_001])
    expect((await it.ask(OWNER, '/demands 800123x45x1')).text).toMatch(/\nignored\n/)
    const counted = await it.press(ignored, 'Undo: count it again')
    expect(counted.text).toMatch(/≈ 27 sat/)
    expect([...it.analyzer.ignored]).toEqual([])
  })

  it('says when one is not remembered any more', async () => {
    await using it = await setUp()
    const list = await it.ask(OWNER, '/demands 800123x45x1')
    it.analyzer.demandCount = 1
    expect((await it.press(list, '2')).text).toMatch(/not remembered any more/)
    expect([...it.analyzer.ignored]).toEqual([])
  })

  it('takes typed words for a name, never for a button', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/demands 800123x45x1 7d ignore 1001')
    expect([...it.analyzer.ignored]).toEqual([])
  })
})

describe('in a group', () => {
  it('everyone may look, only administrators ignore, note and limit', async () => {
    await using it = await setUp({ chatIds: [GROUP] })
    it.api.group({ id: GROUP, title: 'Operators', administrators: [ADMIN] })
    const list = await it.ask(GROUP, '/demands 800123x45x1', { from: 8 })
    void it.api.press(GROUP, list.messageId, '1', { from: 8 })
    const demand = await it.next(GROUP)
    const press = (from: number) =>
      it.api.press(GROUP, demand.messageId, 'Ignore this demand', { from })
    expect(await press(8)).toMatch(/Only administrators/)
    expect([...it.analyzer.ignored]).toEqual([])
    expect(await press(ADMIN)).toBeUndefined()
    expect((await it.next(GROUP)).text).toMatch(/ignored/)
    expect((await it.ask(GROUP, '/least 3 demands', { from: 8 })).text).toMatch(/Only admin/)
    expect((await it.ask(GROUP, '/done alice', { from: 8 })).text).toMatch(/Only admin/)
  })
})
