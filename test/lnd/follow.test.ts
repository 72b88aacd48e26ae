import { describe, expect, it, vi } from 'vitest'
import { startLndServer } from '../../src/demo/lnd-server.ts'
import { ROTATED_TLS } from '../../src/demo/tls.ts'
import { event, offered } from '../support/events.ts'
import {
  ALIAS,
  configFor,
  connect,
  freePort,
  listenTo,
  lndWith,
  ScriptedNode,
  startProxy,
  until,
} from './support.ts'

const listening = (lnd: { status(): { state: string } }) => () => lnd.status().state === 'listening'

describe('listening to LND', () => {
  it('hands on every event of a burst, in order', async () => {
    await using world = await lndWith()
    const { heard } = listenTo(world.lnd)
    await until(listening(world.lnd))

    for (let id = 0; id < 20_000; id += 1) world.server.emit(offered(id))

    await until(() => heard.events.length === 20_000)
    expect(heard.events.every(({ incomingHtlcId }, index) => incomingHtlcId === index)).toBe(true)
    expect(heard.events[0]).toMatchObject(offered(0))
  })

  it('keeps alias ids above 2^63 exact, and goes on after kinds and numbers it does not know', async () => {
    await using world = await lndWith()
    const { heard } = listenTo(world.lnd)
    await until(listening(world.lnd))

    const odd = event({ kind: 'unknown', role: 'unknown', incoming: ALIAS })
    const refused = event({ kind: 'linkFail', wireFailure: 4711, failureDetail: 99 })
    world.server.emit(odd)
    world.server.emit(refused)

    await until(() => heard.events.length === 2)
    expect(heard.events).toMatchObject([
      { kind: 'unknown', role: 'unknown', incoming: ALIAS },
      refused,
    ])
    expect(heard.ups).toBe(1)
  })

  it('waits for a locked wallet, and calls it locked only after a while', async () => {
    const node = new ScriptedNode()
    node.walletState = 'LOCKED'
    await using world = await lndWith({ node })
    const { heard } = listenTo(world.lnd)

    await until(() => world.lnd.status().state === 'starting')
    await until(() => world.lnd.status().state === 'locked')
    node.walletState = 'RPC_ACTIVE'
    await until(() => world.lnd.status().state === 'starting')
    expect(heard.ups).toBe(0)
    node.walletState = 'SERVER_ACTIVE'
    await until(listening(world.lnd))

    expect(world.lines.map((line) => line.state)).toEqual([
      'starting',
      'locked',
      'starting',
      'listening',
    ])
  })

  it('tells a node without a wallet from one that is starting', async () => {
    const node = new ScriptedNode()
    node.walletState = 'NON_EXISTING'
    await using world = await lndWith({ node })
    listenTo(world.lnd)

    await until(() => world.lnd.status().state === 'wallet-missing')
  })

  it('comes up by itself when LND was not there yet', async () => {
    const port = await freePort()
    const nobody = {
      socket: `127.0.0.1:${port}`,
      certificate: ROTATED_TLS.certificate,
      macaroon: 'ab',
    }
    const { lnd } = connect(configFor(nobody))
    await using _ = lnd
    listenTo(lnd)
    await until(() => lnd.status().state === 'unreachable')
    expect(lnd.status().detail).toMatch(/ECONNREFUSED/)

    await using _server = await startLndServer({
      backend: new ScriptedNode(),
      port,
      tls: ROTATED_TLS,
      macaroon: 'ab',
    })
    await until(listening(lnd))
    expect(lnd.status().reconnects).toBe(0)
  })

  it('says that LND is too old, and listens after the upgrade', async () => {
    const node = new ScriptedNode()
    node.version = '0.15.5-beta commit=v0.15.5-beta'
    await using world = await lndWith({ node })
    const { heard } = listenTo(world.lnd)

    await until(() => world.lnd.status().state === 'too-old')
    expect(world.lnd.status().detail).toMatch(/0\.15\.5-beta.*0\.16/)
    expect(heard.ups).toBe(0)

    node.version = '0.16.0-beta.rc1'
    await until(listening(world.lnd))
  })

  it('takes a macaroon that was wrong from its file again', async () => {
    let macaroon = 'beef'
    await using world = await lndWith({ config: { readMacaroon: async () => macaroon } })
    listenTo(world.lnd)
    await until(() => world.lnd.status().state === 'bad-macaroon')
    expect(world.lnd.status().detail).toMatch(/signature mismatch/)

    macaroon = world.server.macaroon
    await until(listening(world.lnd))
    expect(JSON.stringify(world.lines)).not.toMatch(/beef/)
  })

  it('says which file it cannot use', async () => {
    const readCertificate = () => Promise.reject(new Error('ENOENT: tls.cert'))
    await using noCertificate = await lndWith({ config: { readCertificate } })
    listenTo(noCertificate.lnd)
    await until(() => noCertificate.lnd.status().state === 'bad-certificate')
    expect(noCertificate.lnd.status().detail).toBe('ENOENT: tls.cert')

    await using notHex = await lndWith({ config: { readMacaroon: async () => 'sécret' } })
    listenTo(notHex.lnd)
    await until(() => notHex.lnd.status().state === 'bad-macaroon')
    expect(JSON.stringify(notHex.lines)).not.toMatch(/sécret/)
  })

  it('reads the certificate again when LND has a new one', async () => {
    const node = new ScriptedNode()
    const old = await startLndServer({ backend: node })
    let certificate = old.certificate
    const readCertificate = async () => Buffer.from(certificate)
    const { lnd } = connect({ ...configFor(old), readCertificate })
    await using _ = lnd
    listenTo(lnd)
    await until(listening(lnd))

    const port = Number(old.socket.split(':')[1])
    await old[Symbol.asyncDispose]()
    await using _server = await startLndServer({ backend: node, port, tls: ROTATED_TLS })
    await until(() => lnd.status().state === 'bad-certificate')

    certificate = ROTATED_TLS.certificate
    await until(listening(lnd))
    expect(lnd.status().reconnects).toBe(1)
  })

  it('obeys no proxy of the environment', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`
    for (const name of ['https_proxy', 'http_proxy', 'grpc_proxy']) vi.stubEnv(name, dead)
    try {
      await using world = await lndWith()
      listenTo(world.lnd)
      await until(listening(world.lnd))
    } finally {
      vi.unstubAllEnvs()
    }
  })
})

describe('a stream that ends', () => {
  it.each(['clean', 'error', 'reset'] as const)('reconnects once after a %s end', async (how) => {
    await using world = await lndWith()
    const { heard } = listenTo(world.lnd)
    await until(listening(world.lnd))

    world.server.endStreams(how)

    await until(() => heard.ups === 2)
    world.server.emit(offered(1))
    await until(() => heard.events.length === 1)
    expect(heard.downs).toHaveLength(1)
    expect(world.server.subscribers()).toBe(1)
    expect(world.lnd.status()).toMatchObject({ state: 'listening', reconnects: 1 })
  })

  it.each([
    ['the watchdog', { watchdogMs: 40, watchdogDeadlineMs: 100 }],
    ['keepalive', { watchdogMs: 60_000, keepaliveMs: 50, keepaliveTimeoutMs: 100 }],
  ])('reconnects once after a half-open connection, noticed by %s', async (_, timings) => {
    await using server = await startLndServer({ backend: new ScriptedNode() })
    await using proxy = await startProxy(server.socket)
    const options = { timings: { ...timings, callDeadlineMs: 200 } }
    const { lnd } = connect({ ...configFor(server), socket: proxy.socket }, options)
    await using _lnd = lnd
    const { heard } = listenTo(lnd)
    await until(listening(lnd))

    proxy.freeze()
    await until(() => heard.downs.length === 1)
    expect(lnd.status().state).toBe('unreachable')
    proxy.thaw()

    await until(() => heard.ups === 2)
    server.emit(offered(1))
    await until(() => heard.events.length === 1)
    expect(heard.downs).toHaveLength(1)
    expect(lnd.status().reconnects).toBe(1)
  })

  it('reconnects once after the connection was cut', async () => {
    await using server = await startLndServer({ backend: new ScriptedNode() })
    await using proxy = await startProxy(server.socket)
    const { lnd } = connect({ ...configFor(server), socket: proxy.socket })
    await using _lnd = lnd
    const { heard } = listenTo(lnd)
    await until(listening(lnd))

    proxy.cut()

    await until(() => heard.ups === 2)
    expect(heard.downs).toHaveLength(1)
  })

  it('lives on when its macaroon is revoked', async () => {
    await using world = await lndWith()
    const { heard } = listenTo(world.lnd)
    await until(listening(world.lnd))

    world.server.revokeMacaroon()
    const { refusals } = world.server
    await until(() => world.server.refusals > refusals + 1)

    world.server.emit(offered(1))
    await until(() => heard.events.length === 1)
    expect(heard.downs).toEqual([])
  })
})

describe('an end of listening', () => {
  it('comes at once when told to stop, in any state', async () => {
    const node = new ScriptedNode()
    await using world = await lndWith({ node })
    const up = listenTo(world.lnd)
    await until(listening(world.lnd))
    up.stop()
    await up.done
    expect(up.heard.downs).toHaveLength(1)

    node.walletState = 'LOCKED'
    const waiting = listenTo(world.lnd)
    waiting.stop()
    await waiting.done
    expect(waiting.heard.downs).toEqual([])
  })

  it('leaves nothing open', async () => {
    const count = () =>
      process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout/.test(name)).length
    await using server = await startLndServer({ backend: new ScriptedNode() })
    const before = count()
    const options = { timings: { watchdogMs: 600_000 } }
    const { lnd } = connect(configFor(server), options)
    const { done } = listenTo(lnd)
    const changes = lnd.channelEvents(() => undefined, new AbortController().signal)
    await until(listening(lnd))

    await lnd[Symbol.asyncDispose]()
    await Promise.all([done, changes])
    await until(() => server.subscribers() === 0)
    await until(() => count() <= before)
  })

  it('can be had before anything was asked', async () => {
    const server = { socket: '127.0.0.1:1', certificate: '', macaroon: '' }
    const { lnd } = connect(configFor(server))
    await lnd[Symbol.asyncDispose]()
    await expect(lnd.nodeInfo()).rejects.toThrow('closed')
  })
})
