import { afterEach, describe, expect, it, vi } from 'vitest'
import { startBotApi } from '../../src/demo/bot-api.ts'
import { proxyEverything, startConnectProxy, startSocksProxy } from '../support/proxies.ts'
import { OWNER, setUp, TOKEN } from './support.ts'

// A name that only the proxy can resolve: TELEGRAM_PROXY must resolve there, or Tor leaks names.
const HIDDEN = 'telegram.test.invalid'

afterEach(() => void vi.unstubAllEnvs())

describe('TELEGRAM_PROXY', () => {
  it.each([
    ['http', startConnectProxy, `${HIDDEN}:80`],
    // Address type 3 is a name: it goes to the proxy unresolved.
    ['socks5h', startSocksProxy, `3 ${HIDDEN}`],
  ] as const)('leads to Telegram through %s', async (scheme, start, expected) => {
    const api = await startBotApi({ token: TOKEN })
    using proxy = await start(api.port)
    const proxied = { proxy: `${scheme}://127.0.0.1:${proxy.port}`, apiRoot: `http://${HIDDEN}` }
    await using it = await setUp({ api, ...proxied })
    expect((await it.ask(OWNER, '/help')).text).toMatch(/What was missed/)
    expect(proxy.asked).toContain(expected)
  })

  it('is the only way to a proxy: the environment leads to none', async () => {
    const api = await startBotApi({ token: TOKEN })
    using trap = await startConnectProxy(api.port)
    proxyEverything(trap)
    await using it = await setUp({ api })
    expect((await it.ask(OWNER, '/help')).text).toMatch(/What was missed/)
    expect(trap.asked).toEqual([])
  })
})
