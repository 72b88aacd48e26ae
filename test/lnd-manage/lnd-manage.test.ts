import { describe, expect, it, vi } from 'vitest'
import {
  ALICE,
  channelDetails,
  connectTo,
  json,
  nodeDetails,
  PUBKEY,
  startManageServer,
  status,
} from './support.ts'

const CHANNEL = `/api/channel/${ALICE}/details`
const PEER = `/api/node/${PUBKEY}/details`
const MINUTE = 60_000

describe('a report', () => {
  it('holds what lnd-manage says of the channel and its peer, in msat', async () => {
    await using server = await startManageServer({
      [CHANNEL]: channelDetails(),
      [PEER]: nodeDetails(),
    })
    const { manage } = connectTo(server.url)
    await using _manage = manage
    expect(await manage.report(ALICE, PUBKEY)).toEqual({
      channel: {
        rating: 1234,
        warnings: ['Channel balance ranged from 2% to 97% in the past 7 days'],
        fees: { earnedMsat: 12_345_678n, sourcedMsat: 567_000n },
        flow: {
          // More than a JavaScript number holds.
          forwardedOutMsat: 9_007_199_254_740_993n,
          forwardedInMsat: 2_000_000_000n,
          receivedMsat: 1_000n,
        },
        onChain: { openMsat: 1_000_000n, closeMsat: 0n, sweepMsat: 0n },
        rebalances: {
          inMsat: 992_000_000n,
          inCostMsat: 201_000n,
          outMsat: 666_000_000n,
          outCostMsat: 101_000n,
        },
      },
      // A rating of -1 is none.
      peer: expect.objectContaining({ rating: undefined, warnings: [] }),
    })
    expect(server.asked.sort()).toEqual([`GET ${CHANNEL}`, `GET ${PEER}`])
  })

  it('takes numbers where texts should be, and leaves out what a version does not know', async () => {
    const feeReport = { earnedMilliSat: 5, sourcedMilliSat: '-6' }
    const old = { feeReport, rating: null, flowReport: undefined, rebalanceReport: undefined }
    await using server = await startManageServer({ [CHANNEL]: channelDetails(old) })
    const { manage } = connectTo(server.url)
    await using _manage = manage
    const { channel, peer } = (await manage.report(ALICE, PUBKEY)) ?? {}
    expect(channel).toMatchObject({
      fees: { earnedMsat: 5n, sourcedMsat: -6n },
      rating: undefined,
      flow: undefined,
      rebalances: undefined,
      onChain: { openMsat: 1_000_000n },
    })
    expect(peer).toBeUndefined()
  })

  it('is undefined, and no trouble, for a channel that lnd-manage does not know', async () => {
    await using server = await startManageServer()
    const { manage, lines } = connectTo(server.url)
    await using _manage = manage
    for (let i = 0; i < 5; i++) expect(await manage.report(ALICE, undefined)).toBeUndefined()
    expect(lines.map(({ msg }) => msg)).toEqual(['lnd-manage answers'])
  })

  it('is asked for again after five minutes, not before', async () => {
    await using server = await startManageServer({ [CHANNEL]: channelDetails() })
    const { manage, clock } = connectTo(server.url)
    await using _manage = manage
    await manage.report(ALICE, undefined)
    await clock.advance(4 * MINUTE)
    server.answers[CHANNEL] = channelDetails({ warnings: ['new'] })
    expect((await manage.report(ALICE, undefined))?.channel?.warnings).not.toEqual(['new'])
    await clock.advance(MINUTE)
    expect((await manage.report(ALICE, undefined))?.channel?.warnings).toEqual(['new'])
    expect(server.asked).toHaveLength(2)
  })
})

describe('what is asked for', () => {
  it.each([
    ['1x2x3/../../payments/pay-payment-request/lnbc1', PUBKEY],
    ['1x2x3?', PUBKEY],
    ['879744464389046273', PUBKEY],
    ['1x2', `${PUBKEY}/../../payments/top-up/${PUBKEY}/amount/1000`],
    ['1x2x', PUBKEY.toUpperCase()],
    ['', '02abc'],
  ])('is only ever what reads, by ids of the right form: not %s', async (scid, pubkey) => {
    await using server = await startManageServer()
    const { manage } = connectTo(server.url)
    await using _manage = manage
    expect(await manage.report(scid as typeof ALICE, pubkey)).toBeUndefined()
    expect(server.asked.filter((line) => line !== `GET ${PEER}`)).toEqual([])
  })

  it('is not looked for elsewhere: a redirect, which could lead to a payment, is not followed', async () => {
    const bait = '/api/payments/pay-payment-request/lnbc1'
    await using server = await startManageServer({
      [CHANNEL]: status(302, { location: bait }),
      [bait]: channelDetails(),
    })
    const { manage } = connectTo(server.url)
    await using _manage = manage
    expect(await manage.report(ALICE, undefined)).toBeUndefined()
    expect(server.asked).toEqual([`GET ${CHANNEL}`])
  })

  it('stands behind the path of the URL, where a web server hands it on', async () => {
    const path = `/manage${CHANNEL}`
    await using server = await startManageServer({ [path]: channelDetails() })
    const { manage } = connectTo(`${server.url}/manage/`)
    await using _manage = manage
    expect((await manage.report(ALICE, undefined))?.channel?.rating).toBe(1234)
  })
})

describe('an lnd-manage that is not well', () => {
  const HUGE = 'x'.repeat(300_000)
  it.each([
    ['an error page', status(500), /HTTP status 500/],
    ['a redirect', status(301, { location: '/' }), /HTTP status 301/],
    ['no JSON', '<html>hello</html>', /no JSON/],
    ['a list', '[]', /not as expected at its top/],
    [
      'JSON with a wrong field',
      channelDetails({ feeReport: { earnedMilliSat: '1.5', sourcedMilliSat: '0' } }),
      /at feeReport\.earnedMilliSat/,
    ],
    [
      'a number past what is exact',
      channelDetails({ feeReport: { earnedMilliSat: 2 ** 60, sourcedMilliSat: '0' } }),
      /at feeReport\.earnedMilliSat/,
    ],
    ['more than anybody needs', JSON.stringify(HUGE), /more than 262144 bytes/],
    [
      'a body that breaks off',
      (response: Parameters<typeof json>[0]) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"rating"')
        response.destroy()
      },
      /aborted|reset|hang up/i,
    ],
  ])('with %s is left out, and one line says why', async (_, answer, reason) => {
    await using server = await startManageServer({ [CHANNEL]: answer })
    const { manage, lines } = connectTo(server.url)
    await using _manage = manage
    for (let i = 0; i < 9; i++) expect(await manage.report(ALICE, undefined)).toBeUndefined()
    expect(lines).toHaveLength(1)
    expect(lines[0]?.reason).toMatch(reason)
    // Three failures are an outage; then it rests.
    expect(server.asked).toHaveLength(3)
  })

  it('is missed in one line, however long nobody is there', async () => {
    const { manage, clock, lines } = connectTo('http://127.0.0.1:1')
    await using _manage = manage
    for (let i = 0; i < 4; i++) await manage.report(ALICE, PUBKEY)
    await clock.advance(10 * MINUTE)
    await manage.report(ALICE, PUBKEY)
    expect(lines.map(({ msg }) => msg)).toEqual([
      'lnd-manage does not answer; what it knows is left out until it does',
    ])
    expect(lines[0]?.reason).toMatch(/ECONNREFUSED/)
  })

  it('is welcomed back in one line', async () => {
    await using server = await startManageServer({ [CHANNEL]: status(500) })
    const { manage, clock, lines } = connectTo(server.url)
    await using _manage = manage
    for (let i = 0; i < 4; i++) await manage.report(ALICE, undefined)
    server.answers[CHANNEL] = channelDetails()
    expect(await manage.report(ALICE, undefined)).toBeUndefined()
    await clock.advance(MINUTE)
    expect((await manage.report(ALICE, undefined))?.channel?.rating).toBe(1234)
    expect(lines.map(({ level }) => level)).toEqual([40, 30])
  })

  it('is no outage when it cannot compute one channel among many', async () => {
    await using server = await startManageServer({ [CHANNEL]: status(500) })
    const { manage, lines } = connectTo(server.url)
    await using _manage = manage
    for (let i = 0; i < 9; i++) {
      await manage.report(ALICE, undefined)
      await manage.report(`1x1x${i}`, undefined)
    }
    expect(lines.map(({ level }) => level)).toEqual([30])
  })

  it('keeps nobody waiting for more than three seconds; what comes later is there the next time', async () => {
    let answer: (() => void) | undefined
    await using server = await startManageServer({
      [CHANNEL]: (response) => {
        answer = () => json(response, channelDetails())
      },
    })
    const { manage, clock } = connectTo(server.url)
    await using _manage = manage
    const first = manage.report(ALICE, undefined)
    await vi.waitFor(() => expect(answer).toBeDefined())
    await clock.advance(3_000)
    expect(await first).toBeUndefined()
    answer?.()
    const second = await manage.report(ALICE, undefined)
    expect(second?.channel?.rating).toBe(1234)
    expect(server.asked).toHaveLength(1)
  })

  it('is given up after ten seconds', async () => {
    await using server = await startManageServer({ [CHANNEL]: () => undefined })
    const { manage, clock, lines } = connectTo(server.url)
    await using _manage = manage
    for (let i = 1; i <= 3; i++) {
      const report = manage.report(ALICE, undefined)
      await vi.waitFor(() => expect(server.asked).toHaveLength(i))
      await clock.advance(10_000)
      expect(await report).toBeUndefined()
      await vi.waitFor(() => expect(clock.sleepers).toBe(0))
    }
    expect(lines.map(({ reason }) => reason)).toEqual(['no answer within 10 s'])
  })

  it('does not delay the end of the program', async () => {
    await using server = await startManageServer({ [CHANNEL]: () => undefined })
    const { manage, lines, clock } = connectTo(server.url)
    const report = manage.report(ALICE, undefined)
    await vi.waitFor(() => expect(server.asked).toHaveLength(1))
    await manage[Symbol.asyncDispose]()
    expect(await report).toBeUndefined()
    expect(clock.sleepers).toBe(0)
    expect(lines).toEqual([])
  })
})

describe('what refilling cost', () => {
  const of = (scid: string, amount: string, costs: string) => ({
    [`/api/channel/${scid}/rebalance-target-amount`]: amount,
    [`/api/channel/${scid}/rebalance-target-costs`]: costs,
  })

  it('is known in ppm of each channel once it was read, where enough was moved', async () => {
    await using server = await startManageServer({
      ...of('1x1x1', '992000000', '201000'),
      ...of('2x1x1', '9007199254740993000', '9007199254740993'),
      ...of('3x1x1', '99999999', '5000'),
      ...of('4x1x1', '0', '0'),
    })
    const { manage } = connectTo(server.url)
    await using _manage = manage
    expect(manage.rebalanceCostPpm('1x1x1')).toBeUndefined()
    await manage.readRebalanceCosts(['1x1x1', '2x1x1', '3x1x1', '4x1x1', '5x1x1'])
    const known = ['1x1x1', '2x1x1', '3x1x1', '4x1x1', '5x1x1', '6x1x1'] as const
    expect(known.map((scid) => manage.rebalanceCostPpm(scid))).toEqual([
      202,
      1000,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    // A channel that was never refilled has no costs to ask for.
    expect(server.asked.filter((line) => /\/[45]x1x1\/rebalance-target-costs/.test(line))).toEqual(
      [],
    )
  })

  it('is read with few questions at once, hourly, and forgotten with the channel', async () => {
    const scids = Array.from({ length: 30 }, (_, i) => `${i + 1}x1x1` as const)
    const answers = scids.map((scid) => of(scid, '992000000', '201000'))
    await using server = await startManageServer(Object.assign({}, ...answers))
    const { manage, clock } = connectTo(server.url)
    await using _manage = manage
    await Promise.all([manage.readRebalanceCosts(scids), manage.readRebalanceCosts(scids)])
    await clock.advance(59 * MINUTE)
    await manage.readRebalanceCosts(scids)
    expect(server.asked).toHaveLength(60)
    expect(server.mostAtOnce()).toBeLessThanOrEqual(2)
    await clock.advance(MINUTE)
    await manage.readRebalanceCosts(scids.slice(1))
    expect(server.asked).toHaveLength(118)
    expect(manage.rebalanceCostPpm('1x1x1')).toBeUndefined()
    expect(manage.rebalanceCostPpm('2x1x1')).toBe(202)
  })

  it('stays as it was while lnd-manage is away, and costs it a question a minute', async () => {
    const answers = of('1x1x1', '992000000', '201000')
    await using server = await startManageServer({ ...answers })
    const { manage, clock, lines } = connectTo(server.url)
    await using _manage = manage
    const scids = Array.from({ length: 30 }, (_, i) => `${i + 1}x1x1` as const)
    await manage.readRebalanceCosts(scids)
    for (const scid of scids) {
      server.answers[`/api/channel/${scid}/rebalance-target-amount`] = status(503)
    }
    server.asked.length = 0
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(minute === 0 ? 60 * MINUTE : MINUTE)
      await manage.readRebalanceCosts(scids)
    }
    expect(server.asked.length).toBeLessThanOrEqual(3 + 1 + 4)
    expect(manage.rebalanceCostPpm('1x1x1')).toBe(202)
    expect(lines.map(({ level }) => level)).toEqual([30, 40])
  })
})

describe('the height of its chain', () => {
  it('is what tells that it is there', async () => {
    await using server = await startManageServer({ '/api/status/block-height': '905398' })
    const { manage } = connectTo(server.url)
    await using _manage = manage
    expect(await manage.blockHeight()).toBe(905_398)
  })

  it('says why there is none', async () => {
    await using server = await startManageServer()
    const { manage } = connectTo(server.url)
    await using _manage = manage
    await expect(manage.blockHeight()).rejects.toThrow('what answers there is no lnd-manage')
  })
})
