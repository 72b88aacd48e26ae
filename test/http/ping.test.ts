import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { callOnce, createPinger } from '../../src/http/ping.ts'
import { createLog } from '../../src/log.ts'
import { proxyEverything, startConnectProxy } from '../support/proxies.ts'

afterEach(() => void vi.unstubAllEnvs())

/** The other end of a dead man's switch. */
async function startSwitch() {
  const calls: string[] = []
  const answers = { status: 200 }
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`)
    response.writeHead(answers.status, { Location: '/elsewhere' }).end('OK')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    calls,
    answers,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret`,
    [Symbol.dispose]: () => void server.close(),
  }
}

function pinging(url: string | undefined) {
  const lines: { level: number; msg: string; problem?: string }[] = []
  const log = createLog('info', [], { write: (line) => void lines.push(JSON.parse(line)) })
  const state = { isWell: true }
  const pinger = createPinger({ url, isWell: () => state.isWell, log })
  return { pinger, state, lines }
}

describe(createPinger, () => {
  it('calls while all is well, and stays away while it is not', async () => {
    using there = await startSwitch()
    const { pinger, state, lines } = pinging(there.url)
    await pinger.ping()
    state.isWell = false
    await pinger.ping()
    state.isWell = true
    await pinger.ping()
    expect(there.calls).toEqual(['GET /s3cret', 'GET /s3cret'])
    expect(lines).toEqual([])
  })

  it('says once that nobody answers well, once that it is over, and never the address', async () => {
    using there = await startSwitch()
    const { pinger, lines } = pinging(there.url)
    there.answers.status = 404
    await pinger.ping()
    await pinger.ping()
    there.answers.status = 204
    await pinger.ping()
    await pinger.ping()
    expect(lines.map(({ msg, problem }) => [msg, problem])).toEqual([
      ['PING_URL does not answer', 'it answers 404'],
      ['PING_URL answers again', undefined],
    ])
    expect(JSON.stringify(lines)).not.toContain('s3cret')
  })

  it('goes over to another address, or to none', async () => {
    using first = await startSwitch()
    using second = await startSwitch()
    const { pinger } = pinging(first.url)
    pinger.setUrl(second.url)
    await pinger.ping()
    pinger.setUrl(undefined)
    await pinger.ping()
    expect([first.calls.length, second.calls.length]).toEqual([0, 1])
  })
})

describe(callOnce, () => {
  it('takes no redirection for an answer: the call has not arrived where it counts', async () => {
    using there = await startSwitch()
    there.answers.status = 301
    expect(await callOnce(there.url)).toBe('it answers 301')
    expect(there.calls).toEqual(['GET /s3cret'])
  })

  it('says why nobody is reached, without the address', async () => {
    expect(await callOnce('http://127.0.0.1:1/s3cret')).toBe('it cannot be reached (ECONNREFUSED)')
  })

  it('goes straight, whatever proxy the environment names', async () => {
    using there = await startSwitch()
    using trap = await startConnectProxy(undefined)
    proxyEverything(trap)
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    expect(await callOnce(there.url)).toBeUndefined()
    expect(trap.asked).toEqual([])
  })
})
