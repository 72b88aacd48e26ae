import type { Agent } from 'node:http'
import { Api, Bot } from 'grammy'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { SocksProxyAgent } from 'socks-proxy-agent'
import type { BotConfig } from './contracts.ts'
import { cleaner } from './telegram-error.ts'

// Longer than the long poll: a connection that died without a word is noticed by then.
const TIMEOUT_SECONDS = 45
// These take longer over a slow line, and end by the signal that each has of its own.
const UPLOADS = ['sendPhoto', 'sendDocument', 'editMessageMedia'] as const

/**
 * Returns grammY's bot for Telegram or another server, through the proxy if there is one. Errors of
 * all its calls are free of the token.
 */
export function connect({ token, apiRoot, proxy }: BotConfig): Bot {
  const agent = proxy === undefined ? {} : { baseFetchConfig: { agent: agentOf(proxy) } }
  const root = apiRoot === undefined ? {} : { apiRoot: apiRoot.replace(/\/+$/, '') }
  const bot = new Bot(token, { client: { ...root, ...agent, timeoutSeconds: TIMEOUT_SECONDS } })
  const { raw: uploads } = new Api(token, { ...root, ...agent })
  const clean = cleaner(token)
  bot.api.config.use(async (call, method, payload, signal) => {
    try {
      const upload = UPLOADS.find((one) => one === method)
      if (upload === undefined) return await call(method, payload, signal)
      return { ok: true, result: (await uploads[upload](payload as never, signal)) as never }
    } catch (error) {
      throw clean(error)
    }
  })
  return bot
}

function agentOf(proxy: string): Agent {
  return proxy.startsWith('socks') ? new SocksProxyAgent(proxy) : new HttpsProxyAgent(proxy)
}
