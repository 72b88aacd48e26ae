import { describe, expect, it } from 'vitest'
import { type Config, configOf, type Environment, readVariables } from '../src/config.ts'
import { createLog } from '../src/log.ts'
import { reloader } from '../src/reload.ts'

const least: Environment = {
  LND_SOCKET: 'localhost:10009',
  LND_TLS_CERT: 'AAAA',
  LND_MACAROON: '0201',
  TELEGRAM_BOT_TOKEN: `123456789:${'A'.repeat(35)}`,
}

/** A running program with two live variables, whose environment a test changes. */
function running(start: Environment) {
  const lines: { level: number; msg: string; changed?: string[]; needRestart?: string[] }[] = []
  const applied: string[] = []
  let env = start
  const reloading = {
    given: readVariables(env),
    read: () => {
      const given = readVariables(env)
      return { given, config: configOf(given) }
    },
    onWish: () => ({ [Symbol.dispose]: () => undefined }),
  }
  const live = {
    LOG_LEVEL: ({ logLevel }: Config) => void applied.push(`log ${logLevel}`),
    TIME_ZONE: ({ timeZone }: Config) => void applied.push(`zone ${timeZone}`),
  }
  const log = createLog('info', [], { write: (line) => void lines.push(JSON.parse(line)) })
  const reload = reloader(reloading, live, log)
  return {
    applied,
    reread(changed: Environment) {
      env = changed
      reload()
      return lines.splice(0)
    },
  }
}

describe(reloader, () => {
  it('puts into effect what changed, and nothing else', () => {
    const it = running({ ...least, TIME_ZONE: 'Europe/Berlin' })
    const [line] = it.reread({ ...least, TIME_ZONE: 'Europe/Berlin', LOG_LEVEL: 'debug' })
    expect(it.applied).toEqual(['log debug'])
    expect(line).toMatchObject({ level: 30, changed: ['LOG_LEVEL'], needRestart: [] })
  })

  it('goes back to the default of a variable that is gone', () => {
    const it = running({ ...least, TIME_ZONE: 'Europe/Berlin' })
    it.reread(least)
    expect(it.applied).toEqual(['zone UTC'])
  })

  it('says what needs a restart, each time until it is as it was, and never a value', () => {
    const it = running(least)
    const changed = { ...least, LND_SOCKET: 'elsewhere:10009', MAX_CHANNELS: '5' }
    for (let time = 0; time < 2; time++) {
      const lines = it.reread(changed)
      expect(lines).toMatchObject([{ level: 40, needRestart: ['LND_SOCKET', 'MAX_CHANNELS'] }])
      expect(JSON.stringify(lines)).not.toContain('elsewhere')
    }
    expect(it.reread(least)).toMatchObject([{ level: 30, changed: [], needRestart: [] }])
    expect(it.applied).toEqual([])
  })

  it('changes nothing when something is wrong, and says what', () => {
    const it = running(least)
    const lines = it.reread({ ...least, LOG_LEVEL: 'loud', TIME_ZONE: 'Europe/Berlin' })
    expect(lines).toMatchObject([
      { level: 50, problems: [expect.stringMatching(/^LOG_LEVEL must be one of/)] },
    ])
    expect(it.applied).toEqual([])
    it.reread({ ...least, TIME_ZONE: 'Europe/Berlin' })
    expect(it.applied).toEqual(['zone Europe/Berlin'])
  })
})
