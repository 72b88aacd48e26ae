import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig, VARIABLE_NAMES } from '../src/config.ts'

const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
const blocks = text.trim().split(/\n\n+/)
const lines = [...text.matchAll(/^(# )?([A-Z_]+)=(.*)$/gm)].map(
  ([, hash, name = '', value = '']) => ({
    name,
    value,
    isOn: hash === undefined,
  }),
)

describe('.env.example', () => {
  it('lists the variables that have an effect, each once', () => {
    expect(lines.map(({ name }) => name).sort()).toEqual([...VARIABLE_NAMES].sort())
  })

  it('says of each what it is', () => {
    const silent = blocks.slice(1).filter((block) => !/^# [^=]{15,}$/m.test(block))
    expect(silent).toEqual([])
  })

  it('asks for what must be set, and shows the defaults of the rest', () => {
    const env = Object.fromEntries(lines.filter(({ isOn }) => isOn).map((l) => [l.name, l.value]))
    const withDefaults = Object.fromEntries(
      lines
        .filter(
          ({ name, isOn }) =>
            isOn || !['LND_TLS_SERVER_NAME', 'LND_MANAGE_URL', 'TELEGRAM_CHAT_IDS'].includes(name),
        )
        .map(({ name, value }) => [name, value]),
    )
    const values = (from: Record<string, string>) => JSON.stringify(parseConfig(from))
    expect(values(withDefaults)).toBe(values(env))
  })

  it('is also what the README lists', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(VARIABLE_NAMES.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
  })
})
