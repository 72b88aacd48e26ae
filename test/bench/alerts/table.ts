import type { Case, FalseAlarm, WorldReport } from './report.ts'
import { RATES } from './sim-channel.ts'

// Nothing with fewer demands too many can be told from chance, whatever the method.
const LEAST_EXCESS = 10

/** The figures of one scenario, over all its worlds. */
export class Tally {
  readonly #cases: Case[] = []
  readonly falseAlarms: FalseAlarm[] = []
  feeChanges = 0
  feeAlarms = 0
  channelWeeks = 0
  events = 0
  /** Seconds of CPU: to draw the worlds, to take their events in, of that to count, and to judge. */
  readonly cpu = { world: 0, memory: 0, counting: 0, judging: 0 }

  /** Takes in a world that was played to its end. */
  add(report: WorldReport): void {
    this.channelWeeks += report.channelWeeks
    this.feeChanges += report.feeChanges
    this.feeAlarms += report.feeAlarms
    this.events += report.events
    this.falseAlarms.push(...report.falseAlarms)
    this.#cases.push(...report.cases)
    this.cpu.world += report.cpu.world
    this.cpu.memory += report.cpu.memory
    this.cpu.counting += report.cpu.counting
    this.cpu.judging += report.cpu.judging
  }

  get falsePerChannelWeek(): number {
    return this.falseAlarms.length / this.channelWeeks
  }

  /** False alarms by kind or by base rate, for reading. */
  get falseBy(): string {
    const names = this.falseAlarms.map(({ kind, rates }) =>
      kind === 'spike.local' ? `${rates[0]}/h` : kind,
    )
    const counts = new Map<string, number>()
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
    return [...counts].map(([name, count]) => `${name}: ${count}`).join(', ') || 'none'
  }

  /** Short spikes of single channels with enough excess, of a size and a base rate. */
  spikes(size: number | 'out' | 'all', rate: (rate: number) => boolean): Outcome {
    return outcomeOf(
      this.#cases.filter(({ scope, isOut, times, excess, start, end, rate: base }) => {
        const isSize =
          size === 'all' ? isOut || times >= 5 : size === 'out' ? isOut : times === size && !isOut
        const isShort = end - start <= 60
        return scope === 'channel' && isShort && isSize && excess >= LEAST_EXCESS && rate(base ?? 0)
      }),
    )
  }

  /** Incidents of a day, and those of a whole peer or the node. */
  long(): Outcome {
    return outcomeOf(
      this.#cases.filter(({ start, end, excess }) => end - start > 60 && excess >= LEAST_EXCESS),
    )
  }

  wide(scope: 'peer' | 'node'): Outcome {
    return outcomeOf(this.#cases.filter((one) => one.scope === scope && one.excess >= LEAST_EXCESS))
  }
}

export type Outcome = {
  incidents: number
  found: number
  recall: number
  /** Medians in minutes: from the start to the ring, and from the end to "over". */
  delay: number
  lag: number
  /** Rings per found incident. */
  ringsPer: number
  mostRings: number
}

function outcomeOf(cases: readonly Case[]): Outcome {
  const found = cases.filter(({ rings }) => rings.length > 0)
  const rings = found.flatMap((one) => one.rings)
  const delays = found.map((one) => (one.rings[0]?.at ?? 0) - one.start)
  const lags = found.flatMap((one) => {
    const last = one.rings.at(-1)?.resolvedAt
    return last === undefined ? [] : [last - one.end]
  })
  return {
    incidents: cases.length,
    found: found.length,
    recall: found.length / cases.length,
    delay: median(delays),
    lag: median(lags),
    ringsPer: rings.length / found.length,
    mostRings: Math.max(0, ...found.map((one) => one.rings.length)),
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Prints what was found, by size and base rate. */
export function printTally(tally: Tally): void {
  const { channelWeeks, falseAlarms, feeChanges, feeAlarms } = tally
  print(`${channelWeeks} channel-weeks, ${feeChanges} own fee changes (${feeAlarms} rung)`)
  print(
    `false alarms: ${falseAlarms.length} (${tally.falsePerChannelWeek.toFixed(4)} per channel-week); ${tally.falseBy}`,
  )
  print('')
  print('base rate    size   spikes  found  recall  delay    lag  rings')
  for (const rate of RATES) {
    for (const size of [2, 5, 20, 'out'] as const) {
      const outcome = tally.spikes(size, (base) => base === rate)
      if (outcome.incidents > 0) printOutcome(`${rate}/h`, `${size}`, outcome)
    }
  }
  printOutcome(
    'all',
    '>= 5',
    tally.spikes('all', () => true),
  )
  printOutcome('day-long', '20', tally.long())
  printOutcome('peer', '>= 5', tally.wide('peer'))
  printOutcome('node', '>= 5', tally.wide('node'))
  printCost(tally)
}

function printCost({ events, cpu, channelWeeks }: Tally): void {
  const judging = (1e6 * cpu.judging) / (channelWeeks * 10_080)
  const counting = (1e6 * cpu.counting) / events
  print('')
  print(
    `${events} events: ${cpu.world.toFixed(0)} s of CPU to draw them, ${cpu.memory.toFixed(0)} s to take in`,
  )
  print(
    `${judging.toFixed(2)} µs per channel-minute to judge, ${counting.toFixed(2)} µs per event to count`,
  )
}

function printOutcome(name: string, size: string, outcome: Outcome): void {
  const { incidents, found, recall, delay, lag, ringsPer, mostRings } = outcome
  const cells = [
    name.padEnd(9),
    size.padStart(7),
    String(incidents).padStart(8),
    String(found).padStart(6),
    `${(100 * recall).toFixed(0)}%`.padStart(7),
    `${delay}m`.padStart(6),
    `${lag}m`.padStart(6),
    `${ringsPer.toFixed(2)} (${mostRings})`.padStart(10),
  ]
  print(cells.join(' '))
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
