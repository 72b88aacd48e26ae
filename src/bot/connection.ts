import type { Agent } from 'node:http'
import { Bot } from 'grammy'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { SocksProxyAgent } from 'socks-proxy-agent'
import type { BotConfig } from './contracts.ts'
import { cleaner } from './telegram-error.ts'

// Longer than the long poll: a connection that died without a word is noticed by then.
const TIMEOUT_SECONDS = 45

/**
 * Returns grammY's bot for Telegram or another server, through the proxy if there is one. Errors of
 * all its calls are free of the token.
 */
export function connect({ token, apiRoot, proxy }: BotConfig): Bot {
  const agent = proxy === undefined ? {} : { baseFetchConfig: { agent: agentOf(proxy) } }
  const root = apiRoot === undefined ? {} : { apiRoot: apiRoot.replace(/\/+$/, '') }
  const bot = new Bot(token, { client: { ...root, ...agent, timeoutSeconds: TIMEOUT_SECONDS } })
  const clean = cleaner(token)
  bot.api.config.use(async (call, method, payload, signal) => {
    try {
      return await call(method, payload, signal)
    } catch (error) {
      throw clean(error)
    }
  })
  return bot
}

function agentOf(proxy: string): Agent {
  return proxy.startsWith('socks') ? new SocksProxyAgent(proxy) : new HttpsProxyAgent(proxy)
}
