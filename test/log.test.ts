import { describe, expect, it } from 'vitest'
import { createLog, type LogLevel, scrubber } from '../src/log.ts'

const TOKEN = '123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc'
const MACAROON = '0201036c6e6402f801030a10b3bf61e7e0d6a5bd4b8d1201301a160a0761646472657373'

function captured(secrets: readonly string[] = [], level: LogLevel = 'info') {
  const lines: string[] = []
  const log = createLog(level, secrets, { write: (line) => lines.push(line) })
  return { log, text: () => lines.join('') }
}

describe(createLog, () => {
  it('writes lines of JSON at its level and above', () => {
    const { log, text } = captured([], 'warn')
    log.info('quiet')
    log.warn({ channels: 3 }, 'loud')
    expect(JSON.parse(text())).toMatchObject({ level: 40, channels: 3, msg: 'loud' })
  })

  it('takes the bot token out of an error of an HTTP client, stack and causes included', () => {
    const { log, text } = captured()
    const reset = new Error(`request to https://api.telegram.org/bot${TOKEN}/getMe failed`)
    const error = Object.assign(new Error('Network request failed', { cause: reset }), {
      error: reset,
      nested: { deep: [{ url: `https://api.telegram.org/bot${TOKEN}/getUpdates` }] },
    })
    log.error({ err: error, error }, `polling failed: ${reset.message}`)
    expect(text()).toContain('polling failed')
    expect(text()).toContain('"stack"')
    expect(text()).toContain('[bot-token]')
    expect(text()).not.toContain(TOKEN.slice(10))
    expect(() => JSON.parse(text())).not.toThrow()
  })

  it.each([
    ['hex', MACAROON],
    ['capital hex', MACAROON.toUpperCase()],
    ['base64', Buffer.from(MACAROON, 'hex').toString('base64')],
    ['base64 for URLs', Buffer.from(MACAROON, 'hex').toString('base64url')],
  ])('knows a macaroon of LND in %s by its form', (_form, macaroon) => {
    const { log, text } = captured()
    log.warn({ metadata: { macaroon: [macaroon] } }, `sent ${macaroon}`)
    expect(text()).toContain('[macaroon]')
    expect(text()).not.toContain(macaroon.slice(20, 40))
  })

  it('takes registered secrets out in each form in which they may stand', () => {
    const password = 'p@ss"w/rd'
    const hex = 'a1b2c3d4e5f60718'
    const { log, text } = captured([password, hex])
    log.info({ password, url: `http://me:${encodeURIComponent(password)}@proxy` }, password)
    log.info({ base64: Buffer.from(hex, 'hex').toString('base64') }, hex.toUpperCase())
    expect(text()).not.toMatch(/p@ss|p%40ss|a1b2c3|obLD1/i)
    expect(text().match(/\[secret\]/g)).toHaveLength(5)
  })

  it('scrubs the lines of its children too', () => {
    const { log, text } = captured()
    log.child({ room: 'bot' }).info(`bot${TOKEN}`)
    expect(text()).toContain('bot[bot-token]')
  })
})

describe(scrubber, () => {
  it('leaves alone what is no secret', () => {
    const line = 'channel 800123x45x1 of 03aabb at 12:30, 905742494673993730 msat'
    expect(scrubber(['', 'at'])(line)).toBe(line)
  })
})
