import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { createLog } from '../../src/log.ts'
import type { Doc } from '../../src/store/documents.ts'
import { startSaving } from '../../src/store/saver.ts'

const log = createLog('silent')
const NEVER = 1_000_000_000

function saving(write: (docs: readonly Doc[]) => Promise<void>) {
  const due: Doc[] = []
  const saver = startSaving({
    clock: systemClock,
    log,
    everyMs: NEVER,
    write,
    collect: () => due.splice(0),
  })
  return { saver, due }
}

describe(startSaving, () => {
  it('keeps a batch that could not be written and sends it with the next, later values winning', async () => {
    const written: (readonly Doc[])[] = []
    let isFull = true
    const { saver, due } = saving(async (docs) => {
      if (isFull) throw new Error('disk full')
      written.push(docs)
    })
    await using _ = saver
    due.push({ key: 'a', value: 1 }, { key: 'b', value: 1 })
    await expect(saver.flush()).rejects.toThrow('disk full')
    expect(saver.failures()).toBe(1)
    isFull = false
    due.push({ key: 'a', value: 2 })
    await saver.flush()
    expect(written).toEqual([
      [
        { key: 'a', value: 2 },
        { key: 'b', value: 1 },
      ],
    ])
    expect(saver.failures()).toBe(0)
  })

  it('saves for the last time at disposal', async () => {
    const written: (readonly Doc[])[] = []
    {
      const { saver, due } = saving(async (docs) => void written.push(docs))
      await using _ = saver
      due.push({ key: 'a', value: 1 })
    }
    expect(written).toEqual([[{ key: 'a', value: 1 }]])
  })

  it('never writes two batches at once', async () => {
    let atOnce = 0
    let most = 0
    const { saver, due } = saving(async () => {
      most = Math.max(most, ++atOnce)
      await Promise.resolve()
      atOnce--
    })
    await using _ = saver
    for (let i = 0; i < 10; i++) {
      due.push({ key: 'a', value: i })
      void saver.flush()
    }
    due.push({ key: 'a', value: 'last' })
    await saver.flush()
    expect(most).toBe(1)
  })

  it('writes nothing when nothing changed', async () => {
    let writes = 0
    const { saver } = saving(async () => void writes++)
    await using _ = saver
    await saver.flush()
    expect(writes).toBe(0)
  })
})
