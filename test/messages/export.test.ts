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
})
