import { monitorEventLoopDelay } from 'node:perf_hooks'
import { analyse } from '../../src/analyzer/analysis.ts'
import { runInSlices } from '../../src/jobs/slices.ts'
import { scidFromChanId } from '../../src/lightning/scid.ts'
import { FLAGS, NO_REFUSAL } from '../../src/stats/demand-columns.ts'
import { Memory } from '../../src/stats/memory.ts'
import { channel } from '../support/events.ts'

// The size that must be analysed in at most 3 s of CPU, the event loop held for 50 ms at most.
const SESSIONS = 250_000
const REFUSED = 60_000
const PEERS = 2_000
const DAY = 86_400_000

/** How long one analysis of the largest memory takes. */
export type AnalysisTime = {
  cpuMs: number
  wallMs: number
  longestDelayMs: number
  demands: number
}

/** Fills a memory to its cap and analyses it for the four windows, in slices. */
async function measureAnalysis(): Promise<AnalysisTime> {
  const now = Date.UTC(2026, 10, 21, 12)
  const memory = fullMemory(now)
  // Once before, so that the code is compiled as it is after an hour.
  await runInSlices(analyse(memory, now, () => undefined))
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const cpu = process.cpuUsage()
  const from = performance.now()
  const { windows } = await runInSlices(analyse(memory, now, () => undefined))
  const { user, system } = process.cpuUsage(cpu)
  delay.disable()
  return {
    cpuMs: (user + system) / 1000,
    wallMs: performance.now() - from,
    longestDelayMs: delay.max / 1e6,
    demands: [...(windows.get('30d')?.estimate.demands.values() ?? [])].flat().length,
  }
}

function fullMemory(now: number): Memory {
  const memory = new Memory({ maxChannels: 10_000, retentionDays: 400 }, now)
  memory.streamUp(now - 31 * DAY)
  const channels = Array.from({ length: PEERS }, (_, i) => {
    const scid = scidFromChanId((800_000n << 40n) | (BigInt(i) << 16n))
    return channel(scid, {
      peer: { pubkey: `02${String(i).padStart(64, '0')}`, alias: `peer ${i}` },
    })
  })
  memory.updateChannels(channels, now - 31 * DAY)
  const random = generator()
  const own = [...memory.book]
  for (let i = 0; i < SESSIONS; i++) {
    const isRefused = i % Math.floor(SESSIONS / REFUSED) === 0
    const out = own[Math.floor(random() ** 2 * PEERS)]
    const from = own[Math.floor(random() * PEERS)]
    if (!out || !from) continue
    const sat = Math.exp(6 + 8 * random())
    const at = now - 30 * DAY * (1 - i / SESSIONS)
    memory.demands.log.append({
      at,
      lastAt: at + 20_000,
      wholeMsat: Math.round(sat * 1000),
      sizeMsat: isRefused ? Math.round(sat * 1000) : 0,
      feeMsat: isRefused ? Math.round(sat * 0.4) : 0,
      offeredMsat: isRefused ? Math.round(sat * 1.4) : 0,
      peer: memory.demands.peers.idOf(out),
      fromPeer: memory.demands.peers.idOf(from),
      asked: isRefused ? out.serial : 0,
      from: from.serial,
      firstRefused: isRefused ? out.serial : 0,
      failureCode: isRefused ? 12 : NO_REFUSAL,
      attempts: isRefused ? 3 : 0,
      settledShare: !isRefused && random() < 0.3 ? 1 : 0,
      failed: random() < 0.1 ? 1 : 0,
      flags: FLAGS.lead | (isRefused ? FLAGS.liquidity | FLAGS.money : FLAGS.trial),
      expected: 0,
      variance: 0,
    })
  }
  return memory
}

function generator(): () => number {
  let state = 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

process.stdout.write(`${JSON.stringify(await measureAnalysis())}\n`)
