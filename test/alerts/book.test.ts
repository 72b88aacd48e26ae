import { describe, expect, it } from 'vitest'
import { AlertBook } from '../../src/alerts/book.ts'
import { HOUR_MS } from '../../src/alerts/kind.ts'
import type { AlertKind } from '../../src/analyzer/reading.ts'
import { channel, peerOf, RULES, reading, settled, spike, WatchedBook } from './support.ts'

const SPIKES = new Set<AlertKind>(['spike.local', 'spike.peer', 'spike.node', 'spike.downstream'])

describe('a condition', () => {
  it('fires when it holds for the wait of its kind, and not before', () => {
    const seen = new WatchedBook().set(reading('peer.offline', 'peer:peer0'))
    expect(seen.minutes(14).firing()).toHaveLength(0)
    expect(seen.minutes(2).firing()).toHaveLength(1)
  })

  it('that calms down within its wait was never there', () => {
    const seen = new WatchedBook().set(reading('peer.offline', 'peer:peer0')).minutes(10)
    seen.clear('peer.offline', 'peer:peer0').minutes(1)
    seen.set(reading('peer.offline', 'peer:peer0')).minutes(10)
    expect([...seen.book.all()]).toHaveLength(0)
  })

  it('is over when it was calm for the hold of its kind; between the thresholds it goes on', () => {
    const seen = new WatchedBook().set(reading('spike.local', channel(1))).minutes(2)
    seen.set(reading('spike.local', channel(1), { level: 'hold' })).minutes(120)
    expect(seen.sole().state).toBe('firing')
    seen.clear('spike.local', channel(1)).minutes(30)
    expect(seen.sole().state).toBe('firing')
    expect(seen.minutes(1).sole()).toMatchObject({ state: 'resolved', ending: 'calm' })
  })

  it('that is a spike is told by its worst moment, also once it fades and when it is over', () => {
    const seen = new WatchedBook()
      .set(reading('spike.local', channel(1), { facts: spike({ failed: 12 }) }))
      .minutes(2)
    seen.set(reading('spike.local', channel(1), { facts: spike({ failed: 40 }) })).minutes(10)
    seen.set(reading('spike.local', channel(1), { facts: spike({ failed: 3 }) })).minutes(30)
    expect(seen.sole().facts).toMatchObject({ failed: 40 })
    seen.clear('spike.local', channel(1)).minutes(31)
    expect(seen.sole()).toMatchObject({ state: 'resolved', facts: { failed: 40 } })
  })

  it('that nobody can see neither ends nor goes on counting', () => {
    const seen = new WatchedBook().set(reading('spike.local', channel(1))).minutes(2)
    seen.clear('spike.local', channel(1)).minutes(20)
    seen.blind = SPIKES
    seen.minutes(180)
    expect(seen.sole()).toMatchObject({ state: 'firing', blindSince: expect.any(Number) })
    seen.blind = new Set()
    expect(seen.minutes(5).sole()).toMatchObject({ state: 'firing', blindSince: undefined })
    expect(seen.minutes(10).sole().state).toBe('resolved')
  })

  it('that its detector takes for the usual is a new level, and may fire again', () => {
    const seen = new WatchedBook().set(reading('spike.local', channel(1))).minutes(24 * 60)
    expect(seen.firing()).toHaveLength(1)
    seen.set(settled('spike.local', channel(1))).minutes(1)
    expect(seen.sole()).toMatchObject({ state: 'resolved', ending: 'new-level' })
    expect(seen.minutes(600).firing()).toHaveLength(0)
    seen.set(reading('spike.local', channel(1))).minutes(2)
    expect(seen.firing()).toHaveLength(1)
  })

  it('that was settled stays settled over a restart', () => {
    const seen = new WatchedBook().set(reading('spike.local', channel(1))).minutes(2)
    expect(seen.book.settle(seen.sole().id, seen.now)).toBe(true)
    const next = new AlertBook(RULES, peerOf)
    next.restore([...seen.book.all()], seen.book.serial, seen.book.steady)
    const readings = [reading('spike.local', channel(1))]
    for (let i = 0; i < 3; i++) {
      next.observe({ now: seen.now, elapsedMs: 60_000, readings, blindKinds: new Set() })
    }
    expect([...next.all()].filter(({ state }) => state === 'firing')).toHaveLength(0)
  })
})

describe('an alert that comes again', () => {
  function flap(times: number, calmMinutes: number): WatchedBook {
    const seen = new WatchedBook()
    for (let i = 0; i < times; i++) {
      seen.set(reading('lnd.down', 'node')).minutes(3)
      seen.clear('lnd.down', 'node').minutes(calmMinutes)
    }
    return seen
  }

  it('within two hours is the same one and rings again', () => {
    const seen = flap(1, 60).set(reading('lnd.down', 'node')).minutes(2)
    expect(seen.sole()).toMatchObject({ state: 'firing', rings: 2, ringCause: 'again' })
    expect(seen.sole().acknowledged).toBeUndefined()
  })

  it('after that is another', () => {
    const seen = flap(1, 123).set(reading('lnd.down', 'node')).minutes(2)
    expect([...seen.book.all()].map(({ state }) => state)).toEqual(['resolved', 'firing'])
  })

  it('three times in six hours flaps: it rings no more, and must be calm for longer', () => {
    const seen = flap(12, 7)
    expect(seen.sole()).toMatchObject({ isFlapping: true, rings: 3, state: 'firing' })
    expect(seen.minutes(24).sole().state).toBe('resolved')
  })
})

describe('absorption', () => {
  it('makes all of them part of a lost LND, but not the delivery', () => {
    const seen = new WatchedBook().set(reading('lnd.down', 'node')).minutes(3)
    seen
      .set(
        reading('spike.node', 'node'),
        reading('peer.offline', 'peer:peer0'),
        reading('liq.low', channel(1)),
        reading('bot.delivery', 'node'),
      )
      .minutes(17)
    const parents = seen.firing().map(({ kind, parent }) => [kind, parent !== undefined])
    expect(Object.fromEntries(parents)).toEqual({
      'lnd.down': false,
      'spike.node': true,
      'peer.offline': true,
      'liq.low': true,
      'bot.delivery': false,
    })
  })

  it('makes a channel part of its peer, and both of the node', () => {
    const seen = new WatchedBook().set(reading('spike.peer', 'peer:peer0')).minutes(2)
    seen.set(reading('spike.local', channel(1)), reading('spike.local', channel(11))).minutes(2)
    const [peer, own, other] = seen.firing()
    expect([own?.parent, other?.parent]).toEqual([peer?.id, undefined])
    const node = seen.set(reading('spike.node', 'node')).minutes(2).firing().at(-1)
    expect(seen.firing().map(({ parent }) => parent)).toEqual([
      node?.id,
      node?.id,
      node?.id,
      undefined,
    ])
  })

  it('leaves alone what fired more than ten minutes before', () => {
    const seen = new WatchedBook().set(reading('spike.local', channel(1))).minutes(13)
    seen.set(reading('spike.node', 'node')).minutes(3)
    expect(seen.firing().map(({ parent }) => parent)).toEqual([undefined, undefined])
  })

  it('lets a child go that turned hot later and that the detector calls no part of its parent', () => {
    const seen = new WatchedBook().set(reading('spike.node', 'node')).minutes(20)
    const later = { hotSince: seen.now, expected: 1.5, failed: 50 }
    seen
      .set(
        reading('spike.local', channel(1), { facts: spike(later) }),
        reading('spike.local', channel(2), { facts: spike({ ...later, under: 'node' }) }),
      )
      .minutes(2)
    const [node, news, share] = seen.firing()
    expect([news?.parent, share?.parent]).toEqual([undefined, node?.id])
    seen.set(reading('spike.local', channel(2), { facts: spike({ ...later, failed: 90 }) }))
    expect(seen.minutes(1).firing().at(-1)?.parent).toBeUndefined()
  })

  it('sets a child free when the parent is over, and lets it ring if it still meets its threshold', () => {
    const seen = new WatchedBook().set(reading('spike.node', 'node')).minutes(2)
    seen.set(reading('spike.local', channel(1)), reading('spike.local', channel(2))).minutes(2)
    seen.clear('spike.node', 'node')
    seen.set(reading('spike.local', channel(2), { level: 'hold' })).minutes(33)
    const [still, calmer] = seen.firing()
    expect([still?.parent, still?.aloneMs]).toEqual([undefined, undefined])
    expect([calmer?.parent, calmer?.aloneMs]).toEqual([undefined, 0])
  })

  it('lets a spike ring in an empty channel when it is not about balance', () => {
    const seen = new WatchedBook()
    seen.set(reading('liq.low', channel(1), { severity: 'warn' })).minutes(60)
    const facts = spike({ mainFailure: 'UNKNOWN_NEXT_PEER', hotSince: seen.now })
    seen.set(reading('spike.local', channel(1), { facts })).minutes(2)
    expect(seen.firing().map(({ parent }) => parent)).toEqual([undefined, undefined])
  })

  it('counts an empty channel and its spike once: whichever was first', () => {
    const seen = new WatchedBook()
    seen.set(reading('liq.low', channel(1), { severity: 'warn' })).minutes(3)
    seen.set(reading('spike.local', channel(1))).minutes(2)
    const [first, second] = seen.firing()
    expect([first?.parent, second?.parent]).toEqual([undefined, first?.id])
    const turned = new WatchedBook().set(reading('spike.local', channel(1))).minutes(3)
    turned.set(reading('liq.low', channel(1), { severity: 'warn' })).minutes(3)
    const [spiked, low] = turned.firing()
    expect([spiked?.parent, low?.parent]).toEqual([undefined, spiked?.id])
  })

  it('does not let what goes to the digest swallow what rings', () => {
    const seen = new WatchedBook().set(reading('liq.low', channel(1))).minutes(3)
    seen.set(reading('spike.local', channel(1))).minutes(2)
    expect(seen.firing().map(({ parent }) => parent)).toEqual([undefined, undefined])
  })
})

describe('a critical alert', () => {
  it('rings again after 15, 30 and 45 minutes, and then is for the second chat', () => {
    const seen = new WatchedBook().set(reading('lnd.down', 'node'))
    const rings = Array.from({ length: 66 }, () => seen.minutes(1).firing()[0]?.rings ?? 0)
    expect(rings.indexOf(2)).toBeCloseTo(16, -1)
    expect(seen.sole()).toMatchObject({ rings: 4, reminders: 4 })
  })

  it('is silent once somebody took it on', () => {
    const seen = new WatchedBook().set(reading('lnd.down', 'node')).minutes(3)
    expect(seen.book.acknowledge(seen.sole().id, '@bob', seen.now)).toBe(true)
    expect(seen.book.acknowledge(seen.sole().id, '@eve', seen.now)).toBe(false)
    expect(seen.minutes(120).sole()).toMatchObject({ rings: 1, acknowledged: { by: '@bob' } })
  })
})

describe('a graver severity', () => {
  it('gives a new reason to ring; a lighter one none', () => {
    const seen = new WatchedBook().set(reading('liq.low', channel(1))).minutes(3)
    seen.set(reading('liq.low', channel(1), { severity: 'warn' })).minutes(2)
    expect(seen.sole()).toMatchObject({ severity: 'warn', rings: 2, ringCause: 'worse' })
    expect(
      seen
        .set(reading('liq.low', channel(1)))
        .minutes(9)
        .sole().severity,
    ).toBe('warn')
  })
})

describe('the book', () => {
  it('drops alerts a week after their end, and before only those beyond its cap that were told', () => {
    const seen = new WatchedBook().set(reading('lnd.down', 'node')).minutes(3)
    seen.clear('lnd.down', 'node').minutes(3)
    expect(seen.book.forgetOld(() => true)).toEqual([])
    for (let i = 0; i < (7 * 24 * HOUR_MS) / 60_000; i++) seen.book.pass(seen.now, 60_000)
    expect(seen.book.forgetOld(() => false)).toHaveLength(1)
  })

  it('credits no more than two minutes of a gap', () => {
    const seen = new WatchedBook().set(reading('peer.offline', 'peer:peer0')).minutes(1)
    seen.book.pass(seen.now, 6 * HOUR_MS)
    expect(seen.firing()).toHaveLength(0)
  })
})
