import { GrammyError, HttpError } from 'grammy'
import { describe, expect, it } from 'vitest'
import { Lane } from '../../src/bot/lane.ts'
import { outcomeOf } from '../../src/bot/outcome.ts'
import { cleaner, reasonOf } from '../../src/bot/telegram-error.ts'

const TOKEN = '1234567890:AAtestTokenThatMustNeverBeSeenAnywhere'

function answered(code: number, description: string, parameters = {}) {
  const answer = { ok: false as const, error_code: code, description, parameters }
  return new GrammyError('Call failed!', answer, 'sendMessage', { text: 'secret' })
}

function failed(code: string) {
  return new HttpError('Network request failed!', Object.assign(new Error('x'), { code }))
}

describe(outcomeOf, () => {
  it.each([
    [answered(429, 'Too Many Requests: retry after 7', { retry_after: 7 }), 'not-sent'],
    [answered(500, 'Internal Server Error'), 'ambiguous'],
    [answered(403, 'Forbidden: bot was blocked by the user'), 'dead'],
    [answered(403, 'Forbidden: user is deactivated'), 'dead'],
    [answered(400, 'Bad Request: chat not found'), 'dead'],
    [answered(400, 'Bad Request: not enough rights to send text messages to the chat'), 'dead'],
    [
      answered(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -1001 }),
      'migrated',
    ],
    [answered(400, "Bad Request: can't parse entities: x"), 'bad-message'],
    [answered(400, 'Bad Request: message is too long'), 'bad-message'],
    [answered(400, 'Bad Request: message is not modified: x'), 'unchanged'],
    [answered(400, 'Bad Request: message to edit not found'), 'edit-gone'],
    [answered(400, 'Bad Request: message thread not found'), 'thread-gone'],
    [answered(400, 'Bad Request: TOPIC_CLOSED'), 'thread-gone'],
    [answered(401, 'Unauthorized'), 'fatal'],
    [answered(409, 'Conflict: terminated by other getUpdates request'), 'fatal'],
    [failed('ECONNREFUSED'), 'not-sent'],
    [failed('ENOTFOUND'), 'not-sent'],
    [failed('EAI_AGAIN'), 'not-sent'],
    [failed('CERT_HAS_EXPIRED'), 'not-sent'],
    [failed('ECONNRESET'), 'ambiguous'],
    [failed('EPIPE'), 'ambiguous'],
    [new Error('anything else'), 'ambiguous'],
  ])('takes %s for %s', (error, kind) => {
    expect(outcomeOf(error, 'sendMessage').kind).toBe(kind)
  })
})

describe(cleaner, () => {
  it('takes the token out of every part of an error, and the message out of an answer', () => {
    const clean = cleaner(TOKEN)
    const url = `https://api.telegram.org/bot${TOKEN}/getMe`
    const cause = Object.assign(new Error(`request to ${url} failed`), { code: 'ECONNRESET' })
    const error = clean(
      new HttpError(`Network request failed! ${encodeURIComponent(TOKEN)}`, cause),
    )
    const shown = JSON.stringify(error, Object.getOwnPropertyNames(error)) + inspected(error)
    expect(shown).not.toContain(TOKEN.split(':')[1])
    expect(reasonOf(error)).toBe('request to https://api.telegram.org/bot[token]/getMe failed')
    expect(outcomeOf(error, 'getMe').kind).toBe('ambiguous')
    expect(inspected(clean(answered(400, 'Bad Request')))).not.toContain('secret')
  })
})

describe(Lane, () => {
  it('lets a group have five messages at once and fifteen a minute, never more than twenty in one', () => {
    const lane = new Lane(-5)
    let now = 0
    const times: number[] = []
    for (let n = 0; n < 45; n++) {
      now += lane.waitMs(now)
      lane.take(now)
      times.push(now)
    }
    for (const from of times) {
      const within = times.filter((at) => at >= from && at < from + 60_000)
      expect(within.length).toBeLessThanOrEqual(20)
    }
    expect(times.at(-1)).toBe(160_000)
  })
})

function inspected(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error instanceof HttpError ? inspected(error.error) : ''
  return `${error.name} ${error.message} ${error.stack} ${JSON.stringify(error)} ${cause}`
}
