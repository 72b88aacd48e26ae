import { describe, expect, it, onTestFinished } from 'vitest'
import { createDemoClock } from '../../src/demo/clock.ts'
import type { WalletStateName } from '../../src/demo/lnd-server.ts'
import type { Going } from '../../src/demo/scenario.ts'
import { Scenarios } from '../../src/demo/scenarios.ts'
import { createWorld } from '../../src/demo/world.ts'

const START = Date.UTC(2026, 10, 26, 9)
const MINUTE = 60_000

describe(Scenarios, () => {
  it('takes LND through a restart: stopped, locked, starting, active', async () => {
    const it = setUp()
    it.scenarios.begin('restart')
    expect(it.node.walletState).toBe('WAITING_TO_START')
    expect(it.streamsEnded).toEqual(['error'])
    await it.wait(MINUTE)
    await expect.poll(() => it.node.walletState).toBe('LOCKED')
    await it.wait(4 * MINUTE)
    await expect.poll(() => it.node.walletState).toBe('RPC_ACTIVE')
    await it.wait(MINUTE)
    await expect.poll(() => it.node.walletState).toBe('SERVER_ACTIVE')
    expect(it.scenarios.going).toMatchObject({ scenario: 'calm', until: undefined })
    expect(it.told.map(({ scenario }) => scenario)).toEqual([
      'calm',
      'restart',
      'restart',
      'restart',
      'calm',
    ])
  })

  it('cuts Telegram off for a quarter of an hour, in which a peer goes away', async () => {
    const it = setUp()
    it.scenarios.begin('outage')
    expect(it.isCut()).toBe(true)
    const { words, until } = it.scenarios.going
    expect(words).toContain('coffee-roasters.example')
    expect(until).toBe(START + 15 * MINUTE)
    await it.wait(2 * MINUTE)
    const roaster = it.node.world.channels().find(({ peer }) => peer.alias.startsWith('coffee'))
    expect(roaster?.active).toBe(false)
    await it.wait(14 * MINUTE)
    await expect.poll(it.isCut).toBe(false)
  })

  it('lets each crowd come to another peer, and makes whole what the former broke', async () => {
    const it = setUp()
    it.scenarios.begin('outage')
    it.scenarios.begin('spike')
    expect(it.isCut()).toBe(false)
    await expect.poll(() => it.scenarios.going.words).toContain('dynamic_fees')
    it.scenarios.begin('calm')
    await it.wait(10 * MINUTE)
    expect(it.scenarios.going.scenario).toBe('calm')
  })

  it('leaves nothing broken when it is ended', async () => {
    const it = setUp()
    it.scenarios.begin('restart')
    it.scenarios[Symbol.dispose]()
    expect(it.node.walletState).toBe('SERVER_ACTIVE')
    await it.wait(2 * MINUTE)
    expect(it.node.walletState).toBe('SERVER_ACTIVE')
  })
})

function setUp() {
  let real = 0
  let isCut = false
  const streamsEnded: string[] = []
  const clock = createDemoClock(START, () => real)
  const world = createWorld({ seed: 1, startAt: START })
  const lnd = {
    socket: '',
    certificate: '',
    macaroon: '',
    endStreams: (how: string) => void streamsEnded.push(how),
  }
  const node = { world, lnd, walletState: 'SERVER_ACTIVE' as WalletStateName }
  const api = {
    cut: (value: boolean) => {
      isCut = value
    },
  }
  const told: Going[] = []
  const scenarios: Scenarios = new Scenarios({ node, api, clock }, () => told.push(scenarios.going))
  onTestFinished(() => scenarios[Symbol.dispose]())
  return {
    scenarios,
    node,
    told,
    streamsEnded,
    isCut: () => isCut,
    /** Lets time pass in the world; who sleeps looks at the clock soon after. */
    async wait(ms: number): Promise<void> {
      real += ms
      world.advance(clock.now())
      await clock.sleep(0)
    },
  }
}
