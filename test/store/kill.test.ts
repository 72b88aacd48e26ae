import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { temporaryFolder } from '../support/folder.ts'

const WRITER = fileURLToPath(new URL('./kill-writer.ts', import.meta.url))
const KILLS = 60
const AT_ONCE = 3

it(`loses nothing acknowledged and mixes no batches over ${KILLS} kills -9`, async () => {
  await using folder = await temporaryFolder()
  const lanes = Array.from({ length: AT_ONCE }, async (_, lane) => {
    const url = `sqlite://${folder.path}/${lane}.sqlite`
    for (let kill = 0; kill < KILLS / AT_ONCE; kill++) {
      await expectWholeBatches(url, await killAtRandom(url, lane * 1000 + kill))
    }
  })
  await Promise.all(lanes)
}, 120_000)

/** Starts the writer, kills it some writes and microseconds later, returns the last number it said. */
async function killAtRandom(url: string, seed: number): Promise<number> {
  const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let acknowledged = 0
  let left = 1 + ((seed * 7919) % 40)
  writer.stdout.setEncoding('utf8')
  for await (const chunk of writer.stdout) {
    const numbers = String(chunk).trim().split('\n').map(Number)
    acknowledged = numbers.at(-1) ?? acknowledged
    left -= numbers.length
    if (left <= 0) writer.kill('SIGKILL')
  }
  if (writer.signalCode === null && writer.exitCode === null) await once(writer, 'exit')
  expect(writer.signalCode).toBe('SIGKILL')
  return acknowledged
}

async function expectWholeBatches(url: string, acknowledged: number): Promise<void> {
  await using store = await openStore({ url, clock: { now: () => 0 } })
  const batch = await store.readAll('batch:')
  const numbers = new Set(batch.values())
  expect(numbers.size, 'all documents are of one batch').toBe(1)
  const [number] = [...numbers] as number[]
  expect(number).toBeGreaterThanOrEqual(acknowledged)
  expect(batch.size).toBe((number ?? 0) % 3 === 0 ? 10 : 20)
}
