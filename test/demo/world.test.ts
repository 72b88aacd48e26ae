import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../src/demo/world.ts'
import { defaultChannels } from '../../src/demo/world-channels.ts'
import type { Attempt } from '../../src/demo/world-stage.ts'
import { failureClass, failureCode } from '../../src/lightning/failure.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import { chanIdFromScid, type Scid } from '../../src/lightning/scid.ts'

vi.setConfig({ testTimeout: 30_000 })

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2026, 10, 22)
const ALICE: Scid = '868112x1453x1'

describe(createWorld, () => {
  it('plays the same two days from the same seed, byte for byte', () => {
    const [one, other] = [play(7), play(7)]

    expect(JSON.stringify(other.events)).toBe(JSON.stringify(one.events))
    expect(other.world.channels()).toEqual(one.world.channels())
  })

  it('plays other days from another seed', () => {
    expect(JSON.stringify(play(8).events)).not.toBe(JSON.stringify(play(7).events))
  })

  it('plays the same whether it is asked every minute or once', () => {
    const often = createWorld({ seed: 7, startAt: START })
    const events: HtlcEvent[] = []
    for (let at = START; at <= START + 2 * DAY; at += 60_000) events.push(...often.advance(at))

    expect(JSON.stringify(events)).toBe(JSON.stringify(play(7).events))
  })

  it('looks like a medium node: some hundred forwards a day and many more refusals', () => {
    const { world, events } = play(1)
    const refused = events.filter(({ kind, role }) => kind === 'linkFail' && role === 'forward')

    expect(world.forwards().length / 2).toBeGreaterThan(150)
    expect(world.forwards().length / 2).toBeLessThan(400)
    expect(refused.length).toBeGreaterThan(5 * world.forwards().length)
    expect(events.length / 2).toBeGreaterThan(12_000)
  })

  it('shows every kind of event and every failure class that an operator meets', () => {
    const { events } = play(2)
    const kinds = new Set(events.map(({ kind, role }) => `${role} ${kind}`))
    const classes = new Set(events.filter(({ kind }) => kind === 'linkFail').map(classOf))

    expect([...kinds].sort()).toEqual([
      'forward forward',
      'forward forwardFail',
      'forward linkFail',
      'forward settle',
      'none final',
      'receive linkFail',
      'receive settle',
      'send forward',
      'send forwardFail',
      'send settle',
    ])
    expect([...classes].sort()).toEqual([
      'AMOUNT_BELOW_MINIMUM',
      'CIRCULAR_ROUTE',
      'FEE_INSUFFICIENT',
      'HTLC_ADD_FAILED',
      'HTLC_EXCEEDS_MAX',
      'INSUFFICIENT_BALANCE',
      'LINK_NOT_ELIGIBLE',
      'UNKNOWN_INVOICE',
      'UNKNOWN_NEXT_PEER',
    ])
  })

  it('gives events in time order, each within the time asked for', () => {
    const world = createWorld({ seed: 3, startAt: START })
    let last = START
    for (let to = START + HOUR; to <= START + DAY; to += HOUR) {
      for (const { at } of world.advance(to)) {
        expect(at).toBeGreaterThanOrEqual(last)
        expect(at).toBeLessThanOrEqual(to)
        last = at
      }
    }
  })

  it('ends every HTLC that it began, in causal order, with one final event', () => {
    const { world, events } = play(4)
    const steps = new Map<string, string[]>()
    for (const event of events) {
      if (event.incoming === undefined) continue
      const key = `${event.incoming}/${event.incomingHtlcId}`
      steps.set(key, [...(steps.get(key) ?? []), event.kind])
    }
    const pending = world
      .channels()
      .flatMap(({ scid, pendingHtlcs }) =>
        pendingHtlcs.filter(({ incoming }) => incoming).map(({ htlcId }) => `${scid}/${htlcId}`),
      )
    const odd = [...steps].filter(([, kinds]) => !ENDED.test(kinds.join(' ')))

    // What hangs over the end of the second day, or lacks but the final of its last second.
    expect(odd.every(([key, kinds]) => pending.includes(key) || !kinds.includes('final'))).toBe(
      true,
    )
    expect(odd.length).toBeLessThan(20)
  })

  it('repeats an add or a settle now and then, as LND does after a reconnection', () => {
    const counts = new Map<string, number>()
    for (const event of play(5).events.filter(({ role }) => role === 'forward')) {
      const key = `${event.kind} ${event.incoming}/${event.incomingHtlcId}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }

    expect([...counts].some(([key, n]) => key.startsWith('settle ') && n > 1)).toBe(true)
    expect([...counts].some(([key, n]) => key.startsWith('forward ') && n > 1)).toBe(true)
  })

  it('writes every settled forward into the history with both amounts', () => {
    const { world, events } = play(6)
    const settled = new Set(
      events
        .filter(({ kind, role }) => kind === 'settle' && role === 'forward')
        .map(({ incoming, incomingHtlcId }) => `${incoming}/${incomingHtlcId}`),
    )

    expect(world.forwards().map((f) => `${f.incoming}/${f.incomingHtlcId}`)).toEqual([...settled])
  })

  it('neither makes nor loses a single msat, in any world at any time', () => {
    const hours = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.integer(), hours, (seed, steps) => {
        const world = createWorld({ seed, startAt: START })
        let at = START
        for (const step of steps) {
          at += step * HOUR
          world.advance(at)
          for (const channel of world.channels()) expectConserved(channel)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('has channels with awkward names, ids and fates', () => {
    const { world } = play(1)
    const channels = world.channels()
    const hermit = channels.find((channel) => channel.private)

    expect(channels).toHaveLength(14)
    expect(hermit && chanIdFromScid(hermit.scid) > 2n ** 63n).toBe(true)
    expect(hermit?.aliases).toEqual(['871555x88x0'])
    expect(channels.map(({ peer }) => peer.alias)).toContain('Fountain <b>& Sons')
    expect(createWorld({ seed: 1, startAt: START }).channels()).toHaveLength(13)
    for (const { peer } of channels) expect(Buffer.byteLength(peer.alias)).toBeLessThanOrEqual(32)
  })

  it('raises a fee in the morning, and senders who have not heard of it are refused', () => {
    const world = createWorld({ seed: 1, startAt: START })
    world.advance(START + 8 * HOUR)
    const before = world.policies('866480x73x1')?.own
    world.advance(START + 10 * HOUR)
    const after = world.policies('866480x73x1')?.own

    expect([before?.feeRatePpm, after?.feeRatePpm]).toEqual([150, 650])
    expect(after?.updatedAt).toBe(START + 9 * HOUR)
  })
})

describe('the counterfactual world', () => {
  it('lets a drained peer earn, and every payment meets the same fate otherwise', () => {
    const asItIs = play(11)
    const ample = play(11, new Set([ALICE]))

    expect(feesTowards(ample, 'alice')).toBeGreaterThan(2 * feesTowards(asItIs, 'alice'))
    expect(ample.attempts.some(isRefusedByAlice)).toBe(false)
    expect(asItIs.attempts.some(isRefusedByAlice)).toBe(true)
    const before = new Map(asItIs.attempts.map((attempt) => [attempt.key, attempt]))
    const both = ample.attempts.filter(({ key }) => before.has(key))
    // The others are of buyers who stayed away before, or further parts and tries of those served.
    expect(both.length).toBeGreaterThan(0.85 * ample.attempts.length)
    for (const { key, from, to, outgoingMsat } of both) {
      expect(before.get(key)).toMatchObject({ from, to, outgoingMsat })
    }
    // What got through to its recipient gets through again, unless a sibling part now fails, or
    // the neighbour has spent its balance on what alice is newly served.
    const decided = both.filter(({ key, outcome }) => {
      const was = before.get(key)?.outcome
      return [outcome, was].every((end) => end === 'settled' || end === 'failed')
    })
    const changed = decided.filter(({ key, outcome }) => before.get(key)?.outcome !== outcome)
    expect(decided.length).toBeGreaterThan(1_000)
    expect(changed.length).toBeLessThan(0.01 * decided.length)
  })

  it('changes nothing when nobody is given anything', () => {
    expect(JSON.stringify(play(12, new Set()).events)).toBe(JSON.stringify(play(12).events))
  })

  it('can begin at any moment', () => {
    const world = createWorld({ seed: 13, startAt: START })
    world.advance(START + DAY)
    world.setAmple(new Set([ALICE]))
    const later = world.advance(START + 2 * DAY)

    expect(later.some((event) => event.outgoing === ALICE && isBalanceRefusal(event))).toBe(false)
  })
})

describe(defaultChannels, () => {
  it('gives parallel channels to one peer', () => {
    const twins = defaultChannels(1).filter(({ peer }) => peer.name === 'twins')

    expect(twins).toHaveLength(2)
    expect(new Set(twins.map(({ peer }) => peer.pubkey)).size).toBe(1)
  })
})

type Played = { world: World; events: HtlcEvent[]; attempts: Attempt[] }

const ENDED =
  /^(?:forward )*(?:(?:settle|forwardFail)(?: final)?(?: (?:settle|forwardFail))?(?: final)?|linkFail) final$|^(?:forward )*(?:settle|forwardFail) final (?:settle|forwardFail)$/

function play(seed: number, ample?: ReadonlySet<Scid>): Played {
  const attempts: Attempt[] = []
  const world = createWorld({
    seed,
    startAt: START,
    ...(ample && { ample }),
    trace: (attempt) => attempts.push(attempt),
  })
  return { world, events: world.advance(START + 2 * DAY), attempts }
}

function classOf({ wireFailure, failureDetail }: HtlcEvent): string {
  return failureClass(failureCode(wireFailure, failureDetail))
}

function isBalanceRefusal(event: HtlcEvent): boolean {
  return event.kind === 'linkFail' && classOf(event) === 'INSUFFICIENT_BALANCE'
}

function isRefusedByAlice({ to, refusal }: Attempt): boolean {
  return to === 'alice' && refusal?.detail === 6
}

function feesTowards({ attempts }: Played, peer: string): number {
  return attempts
    .filter(({ to, outcome }) => to === peer && outcome === 'settled')
    .reduce((sum, { feeMsat }) => sum + feeMsat, 0)
}

function expectConserved(channel: ReturnType<World['channels']>[number]): void {
  const { capacityMsat, localMsat, remoteMsat, unsettledMsat, commitFeeMsat } = channel
  const lost = capacityMsat - localMsat - remoteMsat - unsettledMsat - commitFeeMsat
  // Each of the three is rounded down to whole sats, as LND shows them.
  expect(lost >= 0n && lost <= 2_000n).toBe(true)
  expect(localMsat >= 0n && remoteMsat >= 0n).toBe(true)
}
