import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/clock.ts'
import { createLog } from '../../src/log.ts'
import type { Doc } from '../../src/store/documents.ts'
import { startSaving } from '../../src/store/saver.ts'

const diskFull = async () => {
  throw new Error('disk full')
}

describe(startSaving, () => {
  it('saves what changed each second, as one batch', async () => {
    await using saving = start()
    saving.due.push({ key: 'a', value: 1 }, { key: 'b', value: 2 })
    await saving.secondPasses()
    saving.due.push({ key: 'a', value: 3 })
    await saving.secondPasses()
    expect(saving.written).toEqual([
      [
        { key: 'a', value: 1 },
        { key: 'b', value: 2 },
      ],
      [{ key: 'a', value: 3 }],
    ])
    expect(saving.saver.lastSavedAt()).toBe(2_000)
  })

  it('keeps a batch that could not be written and sends it with the next, later values winning', async () => {
    await using saving = start()
    saving.write = diskFull
    saving.due.push({ key: 'a', value: 1 }, { key: 'b', value: 1 }, { key: 'c', value: 1 })
    await expect(saving.saver.flush()).rejects.toThrow('disk full')
    saving.due.push({ key: 'c', value: undefined })
    await expect(saving.saver.flush()).rejects.toThrow('disk full')
    expect(saving.saver.failures()).toBe(2)
    expect(saving.saver.healthy()).toBe(false)
    expect(saving.saver.failingSince()).toBe(0)
    expect(saving.saver.unsaved()).toBe(3)
    saving.write = async () => undefined
    saving.due.push({ key: 'a', value: 2 })
    await saving.saver.flush()
    expect(saving.written.at(-1)).toEqual([
      { key: 'a', value: 2 },
      { key: 'b', value: 1 },
      { key: 'c', value: undefined },
    ])
    expect(saving.saver.failures()).toBe(0)
    expect(saving.saver.healthy()).toBe(true)
    expect(saving.saver.failingSince()).toBeUndefined()
    expect(saving.saver.unsaved()).toBe(0)
  })

  it('tells the log once that saving fails, and once that it works again', async () => {
    await using saving = start()
    for (let episode = 0; episode < 2; episode++) {
      saving.write = diskFull
      saving.due.push({ key: 'a', value: episode })
      for (let i = 0; i < 5; i++) await saving.secondPasses()
      saving.write = async () => undefined
      for (let i = 0; i < 5; i++) await saving.secondPasses()
    }
    const fails = 'saving failed; what is unsaved is kept in memory and tried again'
    const works = 'saving works again; nothing was lost'
    expect(saving.logged).toEqual([fails, works, fails, works])
  })

  it('goes on when the memory itself fails to say what changed', async () => {
    await using saving = start()
    saving.collect = () => {
      throw new Error('a bug')
    }
    await saving.secondPasses()
    expect(saving.saver.healthy()).toBe(false)
    saving.collect = () => [{ key: 'a', value: 1 }]
    await saving.secondPasses()
    expect(saving.written).toEqual([[{ key: 'a', value: 1 }]])
  })

  it('saves a last time at disposal, and throws when that fails', async () => {
    const saving = start()
    saving.due.push({ key: 'a', value: 1 })
    await saving[Symbol.asyncDispose]()
    expect(saving.written).toEqual([[{ key: 'a', value: 1 }]])

    const failing = start()
    failing.write = diskFull
    failing.due.push({ key: 'a', value: 1 })
    await expect(failing[Symbol.asyncDispose]()).rejects.toThrow('disk full')
  })

  it('never writes two batches at once', async () => {
    await using saving = start()
    let atOnce = 0
    let most = 0
    saving.write = async () => {
      most = Math.max(most, ++atOnce)
      await Promise.resolve()
      atOnce--
    }
    saving.collect = () => [{ key: 'a', value: 1 }]
    await Promise.all(Array.from({ length: 10 }, () => saving.saver.flush()))
    expect(saving.written).toHaveLength(10)
    expect(most).toBe(1)
  })

  it('writes nothing when nothing changed', async () => {
    await using saving = start()
    await saving.saver.flush()
    await saving.secondPasses()
    expect(saving.written).toEqual([])
    expect(saving.saver.lastSavedAt()).toBe(1_000)
  })
})

/** A saver of documents pushed to `due`, with a clock that moves only when it is told to. */
function start() {
  const clock = new SteppedClock()
  const logged: string[] = []
  const log = createLog('info', [], { write: (line) => void logged.push(JSON.parse(line).msg) })
  const due: Doc[] = []
  const saving = {
    due,
    logged,
    written: [] as (readonly Doc[])[],
    write: async (): Promise<void> => undefined,
    collect: (): readonly Doc[] => due.splice(0),
    async secondPasses() {
      clock.step()
      await clock.slept()
    },
    get saver() {
      return saver
    },
    [Symbol.asyncDispose]: () => saver[Symbol.asyncDispose](),
  }
  const saver = startSaving({
    clock,
    log,
    collect: () => saving.collect(),
    write: (docs) => {
      saving.written.push(docs)
      return saving.write()
    },
  })
  return saving
}

class SteppedClock implements Clock {
  #now = 0
  #wake: (() => void) | undefined
  #asleep: Promise<void> | undefined
  #fallAsleep: (() => void) | undefined

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const abort = () => resolve()
      signal?.addEventListener('abort', abort)
      this.#wake = () => {
        signal?.removeEventListener('abort', abort)
        this.#now += ms
        resolve()
      }
      this.#fallAsleep?.()
    })
  }

  step(): void {
    this.#asleep = new Promise((resolve) => {
      this.#fallAsleep = resolve
    })
    this.#wake?.()
  }

  /** Resolves when whoever was woken by the last step waits again. */
  async slept(): Promise<void> {
    await this.#asleep
  }
}
