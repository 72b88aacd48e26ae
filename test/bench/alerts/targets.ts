import type { Tally } from './table.ts'

/** Ordinary life, or one full of timers and amount searches. */
export type Scenario = 'ordinary' | 'probes'

/** A promise of the README, and what was measured. */
export type Target = { name: string; isMet: boolean; measured: string }

/** Returns the promises that a scenario tests. */
export function targetsOf(scenario: Scenario, tally: Tally): Target[] {
  if (scenario === 'probes') return [falseAlarms(tally, 0.03)]
  const twentyFast = tally.spikes(20, (rate) => rate >= 100)
  const twentySlow = tally.spikes(20, (rate) => rate === 10)
  const all = tally.spikes('all', () => true)
  const node = tally.wide('node')
  return [
    falseAlarms(tally, 0.002),
    atLeast('20-fold spikes at 100/h or more found', twentyFast.recall, 0.95),
    atMost('… after, in the median (min)', twentyFast.delay, 3),
    atLeast('20-fold spikes at 10/h found', twentySlow.recall, 0.85),
    atLeast('single-channel spikes of 5 times and more found', all.recall, 0.55),
    atMost('alerts per spike', all.ringsPer, 1.2),
    atMost('alerts of a node-wide failure, in the mean', node.ringsPer, 1.5),
    atMost('own fee changes rung', tally.feeAlarms, 0),
    atMost('over after the end, in the median (min)', all.lag, 75),
  ]
}

function falseAlarms(tally: Tally, most: number): Target {
  return atMost('false alarms per channel-week', tally.falsePerChannelWeek, most)
}

function atMost(name: string, value: number, most: number): Target {
  return { name, isMet: value <= most, measured: `${round(value)} (at most ${most})` }
}

function atLeast(name: string, value: number, least: number): Target {
  return { name, isMet: value >= least, measured: `${round(value)} (at least ${least})` }
}

function round(value: number): string {
  return String(Math.round(value * 10_000) / 10_000)
}
