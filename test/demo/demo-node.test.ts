import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createDemoClock } from '../../src/demo/clock.ts'
import { startDemoNode } from '../../src/demo/demo-node.ts'
import { createWorld } from '../../src/demo/world.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import { connectLnd } from '../../src/lnd/lnd.ts'
import { createLog } from '../../src/log.ts'

const START = Date.UTC(2026, 10, 22)
const HOUR = 3_600_000

describe(startDemoNode, () => {
  it('brings every event of the past through real gRPC, as the world has it, before it is over', async () => {
    const clock = createDemoClock(START)
    const controller = new AbortController()
    await using node = await startDemoNode({ seed: 5, clock, speed: 20 })
    await using lnd = connectLnd(configOf(node.lnd), { clock, log: createLog('silent') })
    const heard: HtlcEvent[] = []
    const following = lnd.follow(
      { up: () => undefined, down: () => undefined, event: (event) => heard.push({ ...event }) },
      controller.signal,
    )
    const listing = keepListing(() => lnd.channels(), controller.signal)
    await node.followed(controller.signal)
    await node.race(START + 36 * HOUR, controller.signal)
    const said = createWorld({ seed: 5, startAt: node.startAt }).advance(START + 36 * HOUR)

    expect(heard.map(comparable)).toEqual(said.map(comparable))
    expect(clock.now()).toBeGreaterThanOrEqual(START + 36 * HOUR)
    expect((await lnd.channels()).map(({ scid }) => scid)).toContain('16000000x0x1')
    controller.abort()
    await Promise.all([following, listing])
  }, 20_000)

  it('runs faster than life once the past is played', async () => {
    let real = 0
    const clock = createDemoClock(START, () => real)
    const controller = new AbortController()
    await using node = await startDemoNode({ seed: 5, clock, speed: 20 })
    const living = node.live(controller.signal)
    real = 1_000
    await expect.poll(() => node.world.now()).toBe(START + 20_000)
    controller.abort()
    await living
  })
})

function configOf(lnd: { socket: string; certificate: string; macaroon: string }) {
  return {
    socket: lnd.socket,
    serverName: undefined,
    proxy: undefined,
    readCertificate: async () => Buffer.from(lnd.certificate),
    readMacaroon: async () => lnd.macaroon,
  }
}

// As the program does: it lists channels at the start and when one has opened.
async function keepListing(list: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await list().catch(() => undefined)
    await delay(50, undefined, { signal }).catch(() => undefined)
  }
}

// LND's timestamps are nanoseconds; a double of milliseconds has a quarter of a microsecond.
function comparable({ at, ...rest }: HtlcEvent) {
  return { ...rest, at: Math.round(at * 8) }
}
