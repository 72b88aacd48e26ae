import {
  AT_KNOTS,
  type Coefficients,
  KNOTS,
  logistic,
  logitOf,
  pastKnot,
  SEARCH,
} from './chance-curve.ts'
import type { Trials } from './chance-trials.ts'
import { solve, symmetricInverseRoot } from './small-matrix.ts'

/**
 * Means and deviations of the priors, in the order of the coefficients, from simulated nodes
 * (docs/estimate-bench.md). The changes of the slope are held loosely: a node with few trials of a
 * million sat and more must be able to tell that they fail.
 */
const PRIORS = [
  { mean: Math.log(0.25 / 0.75), sd: 1.5 },
  { mean: -0.3, sd: 0.5 },
  { mean: -0.2, sd: 0.8 },
  { mean: -0.2, sd: 0.8 },
  { mean: -0.8, sd: 0.8 },
  { mean: -0.5, sd: 1 },
] as const
const FIXED = PRIORS.length
const PEER_SD = 0.6
const MOST_STEPS = 30
const CLOSE = 1e-7
const SMALLEST_SHARE = 1e-4
const TRIALS_PER_SLICE = 2_000

/** What is known after the trials: the mode, and how far from it the truth may be. */
export type Posterior = {
  mode: Coefficients
  /** Draws coefficients; `normal` gives independent standard normal numbers. */
  draw(normal: () => number): Coefficients
}

/**
 * Fits P(settles) to own trials: logistic regression with a random effect for each outgoing peer.
 * Newton steps to the mode; each touches a peer's effect with the fixed ones alone, so that the
 * effects are eliminated one by one and the system to solve stays 6 × 6. Yields between slices.
 */
export function* fitChances(trials: Trials, peers: number): Generator<void, Posterior> {
  const mode: Coefficients = {
    fixed: Float64Array.from(PRIORS, ({ mean }) => mean),
    peers: new Float64Array(peers),
  }
  let system = yield* systemAt(mode, trials, peers)
  for (let n = 0; n < MOST_STEPS; n++) {
    const step = newtonStep(system)
    move(mode, step, 1)
    let next = yield* systemAt(mode, trials, peers)
    // Far from the mode a whole step may overshoot: the function is flat where all is certain.
    for (let share = 1; next.logPosterior < system.logPosterior && share > SMALLEST_SHARE; ) {
      share /= 2
      move(mode, step, -share)
      next = yield* systemAt(mode, trials, peers)
    }
    system = next
    if (sizeOf(step) < CLOSE) break
  }
  return posteriorOf(mode, system)
}

/** Gradient and curvature at a point: A (fixed), B (fixed × peers), D (peers, diagonal). */
type System = {
  logPosterior: number
  fixedSlope: Float64Array
  peerSlope: Float64Array
  a: Float64Array
  b: Float64Array
  d: Float64Array
}

function newSystem(peers: number): System {
  return {
    logPosterior: 0,
    fixedSlope: new Float64Array(FIXED),
    peerSlope: new Float64Array(peers),
    a: new Float64Array(FIXED * FIXED),
    b: new Float64Array(FIXED * peers),
    d: new Float64Array(peers),
  }
}

function* systemAt(mode: Coefficients, trials: Trials, peers: number): Generator<void, System> {
  const system = newSystem(peers)
  addPriors(system, mode)
  const features = new Float64Array(FIXED)
  for (let i = 0; i < trials.size; i++) {
    if (i % TRIALS_PER_SLICE === TRIALS_PER_SLICE - 1) yield
    addTrial(system, mode, trials, i, features)
  }
  return system
}

function addPriors(system: System, mode: Coefficients): void {
  for (const [k, { mean, sd }] of PRIORS.entries()) {
    system.logPosterior -= ((at(mode.fixed, k) - mean) / sd) ** 2 / 2
    system.fixedSlope[k] = (mean - at(mode.fixed, k)) / sd ** 2
    system.a[k * FIXED + k] = 1 / sd ** 2
  }
  for (let peer = 0; peer < system.d.length; peer++) {
    system.logPosterior -= (at(mode.peers, peer) / PEER_SD) ** 2 / 2
    system.peerSlope[peer] = -at(mode.peers, peer) / PEER_SD ** 2
    system.d[peer] = 1 / PEER_SD ** 2
  }
}

function addTrial(
  system: System,
  mode: Coefficients,
  trials: Trials,
  place: number,
  features: Float64Array,
): void {
  const x = trials.x[place] ?? 0
  const peer = trials.peer[place] ?? 0
  const weight = trials.weight[place] ?? 0
  const settled = trials.settled[place] ?? 0
  const isSearch = trials.isSearch[place] === 1
  features[0] = 1
  features[1] = x
  for (let k = 0; k < KNOTS.length; k++) features[AT_KNOTS + k] = pastKnot(x, k)
  features[SEARCH] = isSearch ? 1 : 0
  const logit = logitOf(mode, x, isSearch, peer)
  const p = logistic(logit)
  // log p = −log(1 + e^−logit), without overflow.
  const logSurvival = -Math.max(logit, 0) - Math.log1p(Math.exp(-Math.abs(logit)))
  system.logPosterior += weight * (settled * logit + logSurvival)
  const slope = weight * (settled - p)
  const curvature = weight * p * (1 - p)
  for (let i = 0; i < FIXED; i++) {
    const feature = at(features, i)
    if (feature === 0) continue
    add(system.fixedSlope, i, slope * feature)
    add(system.b, peer * FIXED + i, curvature * feature)
    for (let j = 0; j < FIXED; j++)
      add(system.a, i * FIXED + j, curvature * feature * at(features, j))
  }
  add(system.peerSlope, peer, slope)
  add(system.d, peer, curvature)
}

function newtonStep(system: System): Coefficients {
  const { a, slope } = eliminated(system)
  const fixed = solve(a, slope, FIXED)
  const peers = system.peerSlope.map((rest, peer) => {
    let pull = rest
    for (let k = 0; k < FIXED; k++) pull -= at(system.b, peer * FIXED + k) * at(fixed, k)
    return pull / at(system.d, peer)
  })
  return { fixed, peers }
}

function move(mode: Coefficients, step: Coefficients, share: number): void {
  for (let k = 0; k < FIXED; k++) add(mode.fixed, k, share * at(step.fixed, k))
  for (let peer = 0; peer < step.peers.length; peer++)
    add(mode.peers, peer, share * at(step.peers, peer))
}

function sizeOf({ fixed, peers }: Coefficients): number {
  const largest = (sum: number, value: number): number => Math.max(sum, Math.abs(value))
  return peers.reduce(largest, fixed.reduce(largest, 0))
}

/** The system of the fixed coefficients alone, the peers' effects eliminated (Schur complement). */
function eliminated({ a, b, d, fixedSlope, peerSlope }: System): {
  a: Float64Array
  slope: Float64Array
} {
  const schur = a.slice()
  const slope = fixedSlope.slice()
  for (let peer = 0; peer < d.length; peer++) {
    const inverse = 1 / at(d, peer)
    for (let i = 0; i < FIXED; i++) {
      const scaled = at(b, peer * FIXED + i) * inverse
      if (scaled === 0) continue
      add(slope, i, -scaled * at(peerSlope, peer))
      for (let j = 0; j < FIXED; j++) {
        add(schur, i * FIXED + j, -scaled * at(b, peer * FIXED + j))
      }
    }
  }
  return { a: schur, slope }
}

function posteriorOf(mode: Coefficients, system: System): Posterior {
  const root = symmetricInverseRoot(eliminated(system).a, FIXED)
  const { b, d } = system
  return {
    mode,
    draw(normal) {
      const noise = Float64Array.from({ length: FIXED }, normal)
      const off = new Float64Array(FIXED)
      for (let i = 0; i < FIXED; i++) {
        for (let j = 0; j < FIXED; j++) add(off, i, at(root, i * FIXED + j) * at(noise, j))
      }
      const fixed = mode.fixed.map((value, k) => value + at(off, k))
      const peers = mode.peers.map((value, peer) => {
        let pull = 0
        for (let k = 0; k < FIXED; k++) pull += at(b, peer * FIXED + k) * at(off, k)
        return value - pull / at(d, peer) + normal() / Math.sqrt(at(d, peer))
      })
      return { fixed, peers }
    },
  }
}

function at(values: Float64Array, i: number): number {
  return values[i] ?? 0
}

function add(values: Float64Array, i: number, value: number): void {
  values[i] = (values[i] ?? 0) + value
}
