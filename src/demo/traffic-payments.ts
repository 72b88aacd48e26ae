import { REFUSALS } from './forwarding.ts'
import { logNormal, pickWeighted } from './random.ts'
import type { Flow } from './traffic.ts'
import { startProbe } from './traffic-probes.ts'
import type { Senders } from './traffic-senders.ts'
import { type InFlight, type Outcome, offer, resolve } from './world-htlcs.ts'
import type { WorldStage } from './world-stage.ts'

const MINUTE = 60_000
const SMALLEST_SPLIT_MSAT = 20_000_000
const LARGEST_MSAT = 16_000_000_000
const MOST_HALVINGS = 3

/** A payment on its way: settled when all its parts have arrived, failed when one is given up. */
export type Payment = {
  key: string
  flow: Flow
  sender: string
  startedAt: number
  deadlineAt: number
  openParts: number
  arrived: InFlight[]
  isLost: boolean
}

type Part = { key: string; amountMsat: number; attempts: number; halvings: number; isFresh: boolean }

const KINDS = [
  ['payment', 56],
  ['probe', 24],
  ['ladder', 12],
  ['probe then pay', 8],
] as const
const ATTEMPTS = [
  [1, 18],
  [2, 14],
  [3, 13],
  [4, 13],
  [5, 12],
  [6, 11],
  [7, 10],
  [8, 9],
] as const

/** Lets somebody pay, or probe, over a flow. */
export function startPayment(stage: WorldStage, senders: Senders, flow: Flow, key: string): void {
  const amountMsat = amountOf(stage, flow, key)
  const sender = senders.nameOf(key, flow.to)
  if (senders.avoids(sender, key, amountMsat)) return
  const payment = newPayment(stage, flow, sender, key)
  const kind = pickWeighted(stage.draw(key, 'kind'), KINDS)
  if (kind !== 'payment') return startProbe(stage, senders, payment, amountMsat, kind)
  const parts = partsOf(stage, key, amountMsat)
  payment.openParts = parts
  for (let i = 0; i < parts; i++) {
    const part = newPart(`${key}/${i}`, Math.floor(amountMsat / parts))
    stage.after(40 * i * stage.draw(key, i, 'spread'), () => attempt(stage, senders, payment, part))
  }
}

/** Returns a payment of which nothing has been sent yet. */
export function newPayment(stage: WorldStage, flow: Flow, sender: string, key: string): Payment {
  const isPatient = stage.draw(key, 'patient') < 0.1
  return {
    key,
    flow,
    sender,
    startedAt: stage.now,
    deadlineAt: stage.now + (isPatient ? 20 : 1) * MINUTE,
    openParts: 1,
    arrived: [],
    isLost: false,
  }
}

/** Sends a single payment of a whole amount, as after a probe that got through. */
export function payWhole(
  stage: WorldStage,
  senders: Senders,
  payment: Payment,
  part: { key: string; amountMsat: number },
): void {
  attempt(stage, senders, payment, newPart(part.key, part.amountMsat))
}

function newPart(key: string, amountMsat: number): Part {
  return { key, amountMsat, attempts: 0, halvings: 0, isFresh: false }
}

function attempt(stage: WorldStage, senders: Senders, payment: Payment, part: Part): void {
  if (payment.isLost) return
  const { flow, sender } = payment
  const key = `${part.key}/${part.attempts++}`
  const asked = senders.channelTo(flow.to, key)
  const policy = asked && senders.knownPolicy(sender, asked, part.isFresh)
  if (!asked || !policy) return giveUp(stage, payment)
  const outgoingMsat = part.amountMsat + laterFees(stage, payment, key, part.amountMsat)
  const isOutside = outgoingMsat > policy.maxHtlcMsat || outgoingMsat < policy.minHtlcMsat
  if (isOutside && !senders.ignoresLimits(sender)) {
    return again(stage, senders, payment, part, key, true)
  }
  const from = pickWeighted(stage.draw(key, 'from'), flow.from)
  offer(stage, {
    key,
    from,
    to: flow.to,
    asked,
    outgoingMsat,
    feeMsat: senders.offeredFee(policy, key, from, outgoingMsat),
    fate: senders.fate(key, outgoingMsat),
    arrived: (htlc) => arrive(stage, payment, htlc),
    ended: (outcome) => learn(stage, senders, payment, part, key, outcome),
  })
}

function learn(
  stage: WorldStage,
  senders: Senders,
  payment: Payment,
  part: Part,
  key: string,
  outcome: Outcome,
): void {
  if (outcome.kind === 'settled') return
  const refusal = outcome.kind === 'refused' ? outcome.refusal : undefined
  if (refusal === REFUSALS.insufficientBalance) senders.punish(payment.sender, part.amountMsat)
  if (refusal === REFUSALS.feeInsufficient && !part.isFresh) {
    part.isFresh = true
    return stage.after(300, () => attempt(stage, senders, payment, part))
  }
  again(stage, senders, payment, part, key, outcome.kind !== 'failed')
}

// The part is tried again some seconds later, whole or in halves, or the payment is given up.
function again(
  stage: WorldStage,
  senders: Senders,
  payment: Payment,
  part: Part,
  key: string,
  mayHalve: boolean,
): void {
  const most = pickWeighted(stage.draw(part.key, 'attempts'), ATTEMPTS)
  const isSlow = stage.draw(key, 'slow') < 0.06
  const wait = logNormal(stage.draw(key, 'wait'), isSlow ? 4 * MINUTE : 3_500, 0.8)
  const at = stage.now + wait
  if (part.attempts >= most || at > payment.deadlineAt) return giveUp(stage, payment)
  const halves = mayHalve && canHalve(part) && stage.draw(key, 'halves') < 0.25
  stage.at(at, () => {
    if (halves) splitInHalves(stage, senders, payment, part)
    else attempt(stage, senders, payment, part)
  })
}

function canHalve(part: Part): boolean {
  return part.amountMsat >= SMALLEST_SPLIT_MSAT && part.halvings < MOST_HALVINGS
}

function splitInHalves(stage: WorldStage, senders: Senders, payment: Payment, part: Part): void {
  if (payment.isLost) return
  payment.openParts += 1
  const half = { ...part, amountMsat: Math.floor(part.amountMsat / 2), attempts: 0 }
  const halvings = part.halvings + 1
  attempt(stage, senders, payment, { ...half, halvings, key: `${part.key}a` })
  stage.after(15, () => attempt(stage, senders, payment, { ...half, halvings, key: `${part.key}b` }))
}

function arrive(stage: WorldStage, payment: Payment, htlc: InFlight): void {
  if (payment.isLost) return resolve(stage, htlc, false)
  payment.arrived.push(htlc)
  payment.openParts -= 1
  if (payment.openParts > 0) return
  stage.after(holdMs(stage, payment.key), () => {
    for (const part of payment.arrived) resolve(stage, part, true)
  })
}

// Parts that have arrived wait for their siblings until the recipient gives up.
function giveUp(stage: WorldStage, payment: Payment): void {
  if (payment.isLost) return
  payment.isLost = true
  const giveUpAt = Math.max(payment.startedAt + MINUTE, stage.now + 2_000)
  stage.at(giveUpAt, () => {
    for (const part of payment.arrived) resolve(stage, part, false)
  })
}

function holdMs(stage: WorldStage, key: string): number {
  const isHeld = stage.draw(key, 'hold invoice') < 0.012
  return isHeld ? logNormal(stage.draw(key, 'held for'), 12 * MINUTE, 1) : 30
}

function amountOf(stage: WorldStage, flow: Flow, key: string): number {
  const sat = logNormal(stage.draw(key, 'amount'), flow.medianSat, flow.sigma)
  const digits = stage.draw(key, 'round') < 0.5 ? 2 : 5
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(sat, 1))) + 1 - digits)
  const rounded = Math.max(1, Math.round(sat / step) * step)
  return Math.min(Math.floor(rounded) * 1000, LARGEST_MSAT)
}

function partsOf(stage: WorldStage, key: string, amountMsat: number): number {
  if (amountMsat < 100_000_000 || stage.draw(key, 'multi-part') > 0.3) return 1
  return 2 + Math.floor(stage.draw(key, 'parts') * 3)
}

// What the nodes after us ask for: a little more or less by another route.
function laterFees(stage: WorldStage, payment: Payment, key: string, amountMsat: number): number {
  const usual = 2_000 * stage.draw(payment.key, 'later fees')
  const isOther = stage.draw(key, 'other route') < 0.35
  const ppm = isOther ? usual * (0.6 + 0.8 * stage.draw(key, 'later fees')) : usual
  return Math.floor((amountMsat * ppm) / 1_000_000)
}
