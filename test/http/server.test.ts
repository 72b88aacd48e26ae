import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { serveHttp } from '../../src/http/server.ts'
import { createLog } from '../../src/log.ts'
import { NOON } from '../support/events.ts'
import { ports, served, WELL } from './support.ts'

describe('/healthz', () => {
  it('answers 200 while all is well', async () => {
    await using server = await served(ports())
    const answer = await server.ask('/healthz')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      status: 'ok',
      version: '0.1.0',
      time: '2026-11-21T13:00:00.000Z',
      problems: [],
    })
  })

  it('answers 503 with what is wrong and since when, without what LND itself says', async () => {
    const program = ports()
    await using server = await served(program)
    const lnd = { ...WELL.lnd, state: 'bad-macaroon', since: NOON, detail: 'root key 7' } as const
    program.facts = { ...WELL, lnd, telegramDownSince: NOON + 1000 }
    const answer = await server.ask('/healthz')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      status: 'failing',
      problems: [
        {
          part: 'lnd',
          state: 'bad-macaroon',
          what: 'LND refuses the macaroon',
          since: '2026-11-21T12:00:00.000Z',
        },
        {
          part: 'telegram',
          what: 'Telegram cannot be reached',
          since: '2026-11-21T12:00:01.000Z',
        },
      ],
    })
  })
})

describe('/livez', () => {
  it('answers 200 whatever is wrong around the process', async () => {
    const program = ports()
    program.facts = { ...WELL, telegramDownSince: NOON, saveFailingSince: NOON }
    await using server = await served(program)
    const answer = await server.ask('/livez')
    expect([answer.status, await answer.text()]).toEqual([200, 'ok\n'])
  })
})

describe(serveHttp, () => {
  it('knows no other page, and says which there are', async () => {
    await using server = await served(ports())
    const answer = await server.ask('/constructor?x')
    expect(answer.status).toBe(404)
    expect(await answer.text()).toBe('try /healthz, /livez, /metrics\n')
  })

  it('lets nobody change anything', async () => {
    await using server = await served(ports())
    const answer = await server.ask('/livez', { method: 'POST', body: 'x' })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, HEAD')
  })

  it('sends a HEAD the head alone', async () => {
    await using server = await served(ports())
    const answer = await server.ask('/livez', { method: 'HEAD' })
    expect(answer.headers.get('content-length')).toBe('3')
    expect(await answer.text()).toBe('')
  })

  it('outlives a target that is no URL and a page that fails', async () => {
    const program = ports()
    await using server = await served({
      ...program,
      health: () => {
        throw new Error('a mistake of ours')
      },
    })
    const socket = connect(server.port, '127.0.0.1')
    socket.end('GET // HTTP/1.1\r\nHost: x\r\n\r\n')
    const [bytes] = await once(socket, 'data')
    expect(String(bytes)).toMatch(/^HTTP\/1\.1 404 /)
    const answer = await server.ask('/healthz')
    expect([answer.status, await answer.text()]).toEqual([500, 'it failed; see the log\n'])
  })

  it('names HTTP_LISTEN when its port is taken or its host is not ours', async () => {
    await using server = await served(ports())
    const { port } = server
    const log = createLog('silent')
    await expect(serveHttp({ host: '127.0.0.1', port }, {}, log)).rejects.toThrow(
      `HTTP_LISTEN: 127.0.0.1:${port} is taken by another program`,
    )
    await expect(serveHttp({ host: '192.0.2.1', port: 9477 }, {}, log)).rejects.toThrow(
      'HTTP_LISTEN: 192.0.2.1:9477 is no address of this machine',
    )
  })
})
