import { describe, expect, it } from 'vitest'
import { clientOptions } from '../../src/lnd/connection.ts'
import {
  ALIAS,
  channel,
  listenTo,
  lndWith,
  OWN_KEY,
  policy,
  ScriptedNode,
  until,
} from './support.ts'

describe('asking LND', () => {
  it('knows the node, its channels and their policies', async () => {
    const node = new ScriptedNode()
    await using world = await lndWith({ node })

    expect(await world.lnd.nodeInfo()).toEqual(node.nodeInfo())
    const channels = await world.lnd.channels()
    expect(channels).toEqual(node.listed)
    // The graph does not know the first: that is no error.
    expect(await world.lnd.policies(channels, OWN_KEY)).toEqual([
      { scid: ALIAS, own: policy(350), peer: undefined },
    ])
  })

  it('takes no error text for an alias', async () => {
    const node = new ScriptedNode()
    const alias = 'unable to lookup peer alias: rpc error: code = NotFound desc = edge not found'
    node.listed = [channel(ALIAS, { peer: { pubkey: OWN_KEY, alias } })]
    await using world = await lndWith({ node })

    expect((await world.lnd.channels())[0]?.peer.alias).toBe('')
  })

  it('takes a list of channels of more than 4 MB', async () => {
    const node = new ScriptedNode()
    node.listed = Array.from({ length: 10_000 }, (_, index) =>
      channel(`800000x${index + 1}x0`, { peer: { pubkey: OWN_KEY, alias: 'x'.repeat(200) } }),
    )
    await using world = await lndWith({ node })

    expect(await world.lnd.channels()).toHaveLength(10_000)
  })

  it('reads the forwards of a span page by page, its end excluded', async () => {
    const node = new ScriptedNode()
    node.settled = Array.from({ length: 20_001 }, (_, index) => ({
      at: 1_700_000_000_000 + index,
      incoming: ALIAS,
      outgoing: '800123x45x1' as const,
      incomingMsat: 1001n,
      outgoingMsat: 1000n,
      incomingHtlcId: index % 2 === 0 ? index : undefined,
    }))
    await using world = await lndWith({ node })

    const pages = []
    for await (const page of world.lnd.forwards(1_700_000_000_001, 1_700_000_020_000))
      pages.push(page)

    expect(pages.map(({ length }) => length)).toEqual([9_999, 10_000])
    expect(pages[0]?.[0]).toEqual(node.settled[1])
    expect(pages[0]?.[1]).toEqual(node.settled[2])
  })

  it('knows what is opening and closing', async () => {
    const node = new ScriptedNode()
    const kinds = ['opening', 'waiting-close', 'force-closing', 'closing'] as const
    node.pending = kinds.map((kind, index) => ({ channelPoint: `${index}:0`, kind }))
    await using world = await lndWith({ node })

    expect(await world.lnd.pendingChannels()).toEqual(node.pending)
  })

  it('is told of changed channels, but not of every commitment, through new subscriptions', async () => {
    await using world = await lndWith()
    let changes = 0
    const onChange = () => {
      changes += 1
    }
    void world.lnd.channelEvents(onChange, new AbortController().signal)
    await until(() => world.server.subscribers('channel') === 1)
    for (const type of [7, 7, 7, 99, 2]) world.server.emitChannelEvent(type)
    await until(() => changes > 0)
    expect(changes).toBe(1)

    world.server.endStreams('clean')
    await until(() => world.server.subscribers('channel') === 1)
    world.server.emitChannelEvent(3)
    await until(() => changes === 2)
  })

  it('says what was wrong', async () => {
    const node = new ScriptedNode()
    await using world = await lndWith({ node, config: { readMacaroon: async () => 'beef' } })
    await expect(world.lnd.channels()).rejects.toMatchObject({
      state: 'bad-macaroon',
      retryable: false,
      code: 2,
    })

    node.walletState = 'LOCKED'
    await expect(world.lnd.channels()).rejects.toMatchObject({ state: 'locked', retryable: true })
  })
})

describe('trying the permissions', () => {
  it('finds every call permitted', async () => {
    await using world = await lndWith()
    const results = await world.lnd.permissions()

    expect(results.filter(({ ok }) => !ok)).toEqual([])
    expect(results.map(({ rpc }) => rpc)).toContain('/routerrpc.Router/SubscribeHtlcEvents')
    expect(results).toHaveLength(8)
  })

  it('names what is refused', async () => {
    await using world = await lndWith({ config: { readMacaroon: async () => 'beef' } })
    const results = await world.lnd.permissions()

    const open = results.filter(({ ok }) => ok).map(({ rpc }) => rpc)
    expect(open).toEqual(['/lnrpc.State/GetState'])
    expect(results.at(-1)?.problem).toMatch(/verification failed/)
  })
})

describe(clientOptions, () => {
  it.each([
    ['127.0.0.1:10009', undefined, 'localhost'],
    ['[::1]:10009', undefined, 'localhost'],
    ['node.example:10009', undefined, 'node.example'],
    ['abcdefgh.onion:10009', undefined, 'localhost'],
    ['10.0.0.1:10009', 'node.example', 'node.example'],
  ])('expects of %s with the server name %s the certificate of %s', (socket, serverName, name) => {
    const options = clientOptions({ socket, serverName, proxy: undefined }, 30_000, 20_000)
    expect(options['grpc.ssl_target_name_override']).toBe(name)
    expect(options['grpc.default_authority']).toBe(name)
  })
})

it('listens and answers at once', async () => {
  await using world = await lndWith()
  const { heard } = listenTo(world.lnd)
  await until(() => heard.ups === 1)
  await expect(world.lnd.channels()).resolves.toHaveLength(2)
})
