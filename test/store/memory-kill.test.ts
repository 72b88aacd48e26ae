import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { channelView, nodeView } from '../../src/stats/memory-views.ts'
import { loadMemory } from '../../src/store/memory-keeper.ts'
import { openStore } from '../../src/store/open-store.ts'
import { temporaryFolder } from '../support/folder.ts'

const WRITER = fileURLToPath(new URL('./memory-writer.ts', import.meta.url))
const KILLS = 24
const AT_ONCE = 2

it(`has the same figures for the node and its channels after each of ${KILLS} kills -9`, async () => {
  await using folder = await temporaryFolder()
  const lanes = Array.from({ length: AT_ONCE }, async (_, lane) => {
    const url = `sqlite://${folder.path}/${lane}.sqlite`
    for (let kill = 0; kill < KILLS / AT_ONCE; kill++) {
      await expectConsistent(url, await killAfter(url, 1 + ((lane * 31 + kill * 17) % 12)))
    }
  })
  await Promise.all(lanes)
}, 120_000)

/** Kills the writer somewhere after that many acknowledgements; returns the last one it gave. */
async function killAfter(url: string, acknowledgements: number): Promise<number> {
  const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let acknowledged = 0
  let left = acknowledgements
  for await (const chunk of writer.stdout.setEncoding('utf8')) {
    const numbers = String(chunk).trim().split('\n').map(Number)
    acknowledged = numbers.at(-1) ?? acknowledged
    left -= numbers.length
    if (left <= 0) writer.kill('SIGKILL')
  }
  return acknowledged
}

async function expectConsistent(url: string, acknowledged: number): Promise<void> {
  await using store = await openStore({ url, log: createLog('silent') })
  const now = Date.now()
  const memory = await loadMemory(store, { maxChannels: 100, retentionDays: 400 }, now)
  const node = nodeView(memory, '30d', now).forwards
  const views = [...memory.book].flatMap(({ scid }) => channelView(memory, scid, '30d', now) ?? [])
  expect(node.settled).toBeGreaterThanOrEqual(acknowledged)
  expect(node.earnedMsat).toBe(BigInt(node.settled) * 1000n)
  expect(views.reduce((sum, { outgoing }) => sum + outgoing.settled, 0)).toBe(node.settled)
  expect(views.reduce((sum, { incoming }) => sum + incoming.settled, 0)).toBe(node.settled)
  expect(memory.circuits.inFlight.size).toBe(node.pending)
  const isEnded = (htlcId: number) =>
    [...memory.book].some(({ serial }) => memory.circuits.ended.has(serial * 2 ** 32 + htlcId))
  expect(isEnded(node.settled - 1), 'the last settled HTLC is known as ended').toBe(true)
}
