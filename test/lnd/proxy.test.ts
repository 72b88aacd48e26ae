import { afterEach, describe, expect, it, vi } from 'vitest'
import { startLndServer } from '../../src/demo/lnd-server.ts'
import { proxyEverything, startConnectProxy } from '../support/proxies.ts'
import { configFor, connect, listenTo, ScriptedNode, until } from './support.ts'

// A name that only the proxy can resolve, as the onion services of Tor are.
const ONION = 'v'.repeat(56)
const HIDDEN = `${ONION}.onion:10009`

afterEach(() => void vi.unstubAllEnvs())

const portOf = (socket: string) => Number(socket.split(':')[1])

describe('LND_PROXY', () => {
  it('leads to an LND that only the proxy can find, and TLS reaches to LND itself', async () => {
    await using server = await startLndServer({ backend: new ScriptedNode() })
    using proxy = await startConnectProxy(portOf(server.socket))
    const way = { socket: HIDDEN, proxy: `http://127.0.0.1:${proxy.port}` }
    const { lnd } = connect({ ...configFor(server), ...way })
    await using _lnd = lnd
    const { heard } = listenTo(lnd)
    await until(() => heard.ups === 1)
    await expect(lnd.channels()).resolves.toHaveLength(2)
    expect(new Set(proxy.asked)).toEqual(new Set([HIDDEN]))
  })

  it('is told a name and a password, percent signs undone', async () => {
    await using server = await startLndServer({ backend: new ScriptedNode() })
    using proxy = await startConnectProxy(portOf(server.socket))
    const way = { socket: HIDDEN, proxy: `http://me:p%40ss@127.0.0.1:${proxy.port}` }
    await using lnd = connect({ ...configFor(server), ...way }).lnd
    await lnd.nodeInfo()
    expect(proxy.asked).toEqual([`me:p@ss@${HIDDEN}`])
  })

  it('does not vouch for LND: another certificate than the one given is refused', async () => {
    await using server = await startLndServer({ backend: new ScriptedNode() })
    using proxy = await startConnectProxy(portOf(server.socket))
    const way = { socket: 'lnd.test.invalid:10009', proxy: `http://127.0.0.1:${proxy.port}` }
    await using lnd = connect({ ...configFor(server), ...way }).lnd
    await expect(lnd.nodeInfo()).rejects.toMatchObject({ state: 'bad-certificate' })
  })

  it('is waited for like LND itself when it refuses', async () => {
    await using server = await startLndServer({ backend: new ScriptedNode() })
    using proxy = await startConnectProxy(undefined)
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const way = { socket: HIDDEN, proxy: `http://127.0.0.1:${proxy.port}` }
    await using lnd = connect({ ...configFor(server), ...way }).lnd
    await expect(lnd.nodeInfo()).rejects.toMatchObject({
      state: 'unreachable',
      retryable: true,
      message: 'LND_PROXY is not there or does not lead to LND; missed-sats check says which',
    })
    expect(printed.mock.calls).toEqual([])
    printed.mockRestore()
  })

  it('is the only way to a proxy: the environment leads to none', async () => {
    await using server = await startLndServer({ backend: new ScriptedNode() })
    using trap = await startConnectProxy(portOf(server.socket))
    using proxy = await startConnectProxy(portOf(server.socket))
    proxyEverything(trap)
    await using direct = connect(configFor(server)).lnd
    await direct.nodeInfo()
    const way = { socket: HIDDEN, proxy: `http://127.0.0.1:${proxy.port}` }
    await using proxied = connect({ ...configFor(server), ...way }).lnd
    await proxied.nodeInfo()
    expect(proxy.asked).toEqual([HIDDEN])
    expect(trap.asked).toEqual([])
  })
})
