import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import KeyvSqlite from '@keyv/sqlite'
import { expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { openStore } from '../../src/store/open-store.ts'
import { temporaryFolder } from '../support/folder.ts'
import { batchOf, HEAD } from './kill-batch.ts'

const WRITER = fileURLToPath(new URL('./kill-writer.ts', import.meta.url))
const LANES = 3
const KILLS_EACH = 20
// A batch takes some 2 ms from one acknowledgement to the next.
const ONE_ROUND_MS = 2.5

it(`loses nothing acknowledged and mixes no batches over ${LANES * KILLS_EACH} kills -9`, async () => {
  await using folder = await temporaryFolder()
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    crashAgainAndAgain(`${folder.path}/${lane}.sqlite`, seeded(lane + 1)),
  )
  const ends = await Promise.all(lanes)
  // Else the writers never came to write, and nothing was shown.
  for (const end of ends) expect(end).toBeGreaterThan(KILLS_EACH)
}, 120_000)

/** One store through many crashes; returns the number of the batch that it holds in the end. */
async function crashAgainAndAgain(file: string, random: () => number): Promise<number> {
  let held = 0
  for (let kill = 0; kill < KILLS_EACH; kill++) {
    const acknowledged = await killOneWriter(file, random)
    held = await expectOneWholeBatch(file, Math.max(held, acknowledged))
  }
  await expectIntact(file)
  return held
}

/** Kills a writer somewhere in a batch, and returns the last number that it acknowledged. */
async function killOneWriter(file: string, random: () => number): Promise<number> {
  const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, `sqlite://${file}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  let acknowledgements = 1 + Math.floor(random() * 30)
  for await (const chunk of writer.stdout) {
    said += String(chunk)
    acknowledgements -= String(chunk).split('\n').length - 1
    if (acknowledgements <= 0 && !writer.killed) killAfter(writer, random() * ONE_ROUND_MS)
  }
  if (writer.signalCode === null && writer.exitCode === null) await once(writer, 'exit')
  expect(writer.signalCode).toBe('SIGKILL')
  return Number(said.trimEnd().split('\n').at(-1))
}

/** Waits in place: a timer would come at whole milliseconds, and always at the same points. */
function killAfter(writer: ChildProcess, ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
  writer.kill('SIGKILL')
}

async function expectOneWholeBatch(file: string, acknowledged: number): Promise<number> {
  await using store = await openStore({ url: `sqlite://${file}`, log: createLog('silent') })
  const number = Number(await store.read(HEAD))
  const whole = batchOf(number).filter(({ value }) => value !== undefined)
  expect(await store.readAll('batch:')).toEqual(
    new Map(whole.map(({ key, value }) => [key, value])),
  )
  // One more batch may have been on disk already, its acknowledgement not yet said.
  expect(number - acknowledged).toBeOneOf([0, 1])
  return number
}

async function expectIntact(file: string): Promise<void> {
  const database = new KeyvSqlite({ uri: `sqlite://${file}`, table: 'documents' })
  expect(await database.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  await database.close()
}

/** Mulberry32: numbers in 0 … 1, the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
