import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { InputFile } from 'grammy'
import { describe, expect, it } from 'vitest'
import { openPage } from '../../../src/demo/demo-page.ts'
import type { PageEvent } from '../../../src/demo/page-contract.ts'
import { startPageServer } from '../../../src/demo/page-server.ts'
import { OPERATOR, servePage } from './support.ts'

describe(openPage, () => {
  it('serves its own files, and lets a browser load nothing from elsewhere', async () => {
    await using it = await servePage()
    const answer = await ask(it.url, '/')

    expect(answer.status).toBe(200)
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.headers['content-security-policy']).not.toContain('unsafe')
    expect(answer.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    expect((await ask(it.url, '/app.js')).headers['content-type']).toContain('text/javascript')
    expect((await ask(it.url, '/../demo.ts')).status).toBe(404)
  })

  it.each([
    ['of a name that another page resolves to this machine', { host: 'evil.example:80' }],
    ['that another page sends', { origin: 'https://evil.example' }],
    ['that a sandboxed page sends', { origin: 'null' }],
  ])('refuses a request %s', async (_, headers) => {
    await using it = await servePage()
    const wish = { kind: 'say', chatId: OPERATOR, text: '/top' }

    expect((await ask(it.url, '/events', { headers })).status).toBe(403)
    expect((await post(it.url, wish, headers)).status).toBe(403)
    expect(await it.bot.getUpdates()).toEqual([])
  })

  it('says for its own page what somebody types, and nothing that is no wish', async () => {
    await using it = await servePage()
    const own = { origin: it.url }
    const say = (given: object) => post(it.url, { kind: 'say', ...given }, own)

    expect((await say({ chatId: OPERATOR, text: ' ' })).status).toBe(400)
    expect((await say({ chatId: OPERATOR, text: 'x'.repeat(4_097) })).status).toBe(400)
    expect((await post(it.url, { kind: 'scenario', scenario: 'fire' }, own)).status).toBe(400)
    const plain = { ...own, 'content-type': 'text/plain' }
    expect((await post(it.url, { kind: 'say' }, plain)).status).toBe(400)
    // Nobody has this chat: it is not made by saying something there.
    expect((await say({ chatId: 12, text: 'hello' })).status).toBe(204)
    expect((await say({ chatId: OPERATOR, text: '/top' })).status).toBe(204)
    expect((await it.bot.getUpdates()).map(({ message }) => message?.text)).toEqual(['/top'])
  })

  it('gives a document to be saved and a photo to be seen, and no other message’s', async () => {
    await using it = await servePage()
    it.api.say(OPERATOR, 'hello')
    const hostile = new InputFile(Buffer.from('<script>f()</script>'), 'für.html')
    const { message_id: id } = await it.bot.sendDocument(OPERATOR, hostile)
    const answer = await ask(it.url, `/files/${OPERATOR}/${id}/0`)

    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''f%C3%BCr.html",
      'x-content-type-options': 'nosniff',
    })
    expect(answer.body).toBe('<script>f()</script>')
    expect((await ask(it.url, `/files/${OPERATOR}/${id + 1}/0`)).status).toBe(404)
  })

  it('takes a free port when its own is taken', async () => {
    await using one = await servePage()
    await using other = await servePage(Number(new URL(one.url).port))

    expect(other.url).not.toBe(one.url)
    expect((await ask(other.url, '/')).status).toBe(200)
  })

  it('lets a page go that reads nothing any more, and serves the others', async () => {
    await using it = await startPageServer({
      hello: () => ({ type: 'menu', chatId: OPERATOR, commands: [] }),
      fileOf: () => undefined,
      onWish: () => undefined,
    })
    const asleep = await fetch(`${it.url}/events`)
    const description = 'x'.repeat(1_000_000)
    const large = { type: 'menu', chatId: OPERATOR, commands: [{ command: 'top', description }] }
    for (let sent = 0; sent < 30; sent++) it.send(large as PageEvent)

    await expect(asleep.text()).rejects.toThrow()
    expect((await ask(it.url, '/')).status).toBe(200)
  })

  it('ends at once, however many pages are open', async () => {
    const it = await servePage()
    const streams = await Promise.all([1, 2, 3].map(() => openStream(it.url)))
    await it[Symbol.asyncDispose]()

    await Promise.all(streams.map(({ closed }) => closed))
  })
})

type Asked = { method?: string; headers?: Record<string, string>; body?: string }

/** Asks with headers that a browser would set by itself. */
async function ask(url: string, path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  const { port } = new URL(url)
  const sent = request({ host: '127.0.0.1', port, path, method, headers })
  sent.end(body)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject)
  })
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

async function post(url: string, wish: object, headers: Record<string, string>) {
  const given = { 'content-type': 'application/json', ...headers }
  return await ask(url, '/wish', { method: 'POST', headers: given, body: JSON.stringify(wish) })
}

async function openStream(url: string): Promise<{ closed: Promise<unknown> }> {
  const answer = await fetch(`${url}/events`)
  const reader = answer.body?.getReader()
  if (reader === undefined) throw new Error('nothing is streamed')
  await reader.read()
  const readOn = async (): Promise<void> => {
    while (!(await reader.read()).done);
  }
  return { closed: readOn().catch(() => undefined) }
}
