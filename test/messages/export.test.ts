import { describe, expect, it } from 'vitest'
import { CHAT_TABLES, exportMessages } from '../../src/messages/export.ts'
import { EMPTY, toPlainText } from '../../src/messages/html.ts'
import { NOW, READING } from './support.ts'

const LAST_YEAR = NOW - 400 * 86_400_000

describe(exportMessages, () => {
  it('has room in the caption of one file for all that each table of it lacks', () => {
    const tables = CHAT_TABLES.map((table) => ({
      table,
      rows: 1_234_567,
      leftOut: ['opportunities', 'channels'].includes(table)
        ? { rows: 1_234_567 }
        : { before: LAST_YEAR },
    }))
    const question = { format: 'json', window: '30d', tables: CHAT_TABLES } as const
    const file = { name: 'missed-sats-30d.json', content: '{}', tables }
    const [shown, ...others] = exportMessages([file], question, READING)
    expect(others).toEqual([])
    for (const table of CHAT_TABLES) {
      expect(toPlainText(shown?.text ?? EMPTY)).toMatch(new RegExp(`Left out.*${table}`, 's'))
    }
  })

  it.each([
    [['forwards', 'refusals'], /msat and exact, times UTC/],
    [['demands'], /in msat, times UTC\..*expectedMsat of demands are estimates/],
    [['forwards', 'demands', 'opportunities'], /of demands, and missed fees .* are estimates/],
  ] as const)('calls exact what was counted alone: %s', (names, said) => {
    const tables = names.map((table) => ({ table, rows: 3, leftOut: undefined }))
    const question = { format: 'json', window: '7d', tables: names } as const
    const file = { name: 'missed-sats-7d.json', content: '{}', tables }
    const text = toPlainText(exportMessages([file], question, READING)[0]?.text ?? EMPTY)
    expect(text).toMatch(said)
    if (names.some((name) => name !== 'forwards' && name !== 'refusals')) {
      expect(text).not.toMatch(/msat and exact/)
    }
  })
})
