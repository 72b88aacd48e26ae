import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import type { Log } from '../log.ts'

const TIMEOUT_MS = 10_000

/** Calls a dead man's switch; whoever holds its other end rings when the calls stay away. */
export type Pinger = {
  /** Calls it once if all is well now; never rejects. */
  ping(): Promise<void>
  /** From now on another one, or none. */
  setUrl(url: string | undefined): void
}

export type PingerOptions = {
  url: string | undefined
  isWell(): boolean
  log: Log
}

/** Returns what calls PING_URL. The log has one line when it ceases to answer, and one when it is back. */
export function createPinger(options: PingerOptions): Pinger {
  const { isWell, log } = options
  let { url } = options
  let isFailing = false
  return {
    async ping() {
      if (url === undefined || !isWell()) return
      const problem = await callOnce(url)
      const wasFailing = isFailing
      isFailing = problem !== undefined
      if (isFailing && !wasFailing) log.warn({ problem }, 'PING_URL does not answer')
      if (!isFailing && wasFailing) log.info('PING_URL answers again')
    },
    setUrl(changed) {
      url = changed
      isFailing = false
    },
  }
}

/**
 * Calls a URL once, by GET, straight: neither TELEGRAM_PROXY nor LND_PROXY nor a proxy variable of
 * the environment leads to it. Returns what is wrong with the answer, without the URL, which is a
 * secret; undefined when it is a good one (2xx).
 */
export async function callOnce(url: string): Promise<string | undefined> {
  const get = url.startsWith('https:') ? getHttps : getHttp
  return new Promise((resolve) => {
    // An agent of its own: the global one can be told to obey the environment.
    const options = { agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) } as const
    const request = get(url, options, (response) => {
      const { statusCode = 0 } = response
      response.destroy()
      resolve(statusCode >= 200 && statusCode < 300 ? undefined : `it answers ${statusCode}`)
    })
    request.once('error', (error) => resolve(problemOf(error)))
  })
}

function problemOf(error: Error): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return `no answer within ${TIMEOUT_MS / 1000} s`
  }
  return 'code' in error ? `it cannot be reached (${error.code})` : 'it cannot be reached'
}
