import { REFUSALS } from './forwarding.ts'
import { logNormal, pickWeighted } from './random.ts'
import { holdMs, laterFees, partsOf } from './traffic-amounts.ts'
import type { Flow } from './traffic-plan.ts'
import type { Senders } from './traffic-senders.ts'
import { offer, resolve } from './world-htlcs.ts'
import type { InFlight, Outcome } from './world-offer.ts'
import type { WorldStage } from './world-stage.ts'

const MINUTE = 60_000
const SMALLEST_SPLIT_MSAT = 20_000_000
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

type Part = {
  key: string
  amountMsat: number
  attempts: number
  halvings: number
  /** Its sender has just got our newest policy. */
  isFresh: boolean
  /** Its first attempt goes where a probe got through. */
  isRouteKnown: boolean
}

/** Sends a payment of an amount off, whole or in parts. */
export function pay(
  stage: WorldStage,
  senders: Senders,
  payment: Payment,
  amountMsat: number,
): void {
  const parts = partsOf(stage, senders.habits.multiPart, payment.key, amountMsat)
  payment.openParts = parts.length
  for (const [i, partMsat] of parts.entries()) {
    const key = `${payment.key}/${i}`
    const part = newPart(key, partMsat)
    stage.after(40 * i * stage.draw(key, 'spread'), () => attempt(stage, senders, payment, part))
  }
}

/** Returns a payment of which nothing has been sent yet. */
export function newPayment(stage: WorldStage, senders: Senders, flow: Flow, key: string): Payment {
  const isPatient = stage.draw(key, 'patient') < senders.habits.patientShare
  return {
    key,
    flow,
    sender: senders.nameOf(key, flow.to),
    startedAt: stage.now,
    deadlineAt: stage.now + (isPatient ? 20 : 1) * MINUTE,
    openParts: 1,
    arrived: [],
    isLost: false,
  }
}

/** Pays an amount whole by the route that a probe has just found open. */
export function payByKnownRoute(
  stage: WorldStage,
  senders: Senders,
  payment: Payment,
  amountMsat: number,
): void {
  const part = newPart(`${payment.key}/pay`, amountMsat)
  attempt(stage, senders, payment, { ...part, isRouteKnown: true })
}

function newPart(key: string, amountMsat: number): Part {
  return { key, amountMsat, attempts: 0, halvings: 0, isFresh: false, isRouteKnown: false }
}

function attempt(stage: WorldStage, senders: Senders, payment: Payment, part: Part): void {
  if (payment.isLost) return
  const { flow, sender } = payment
  const key = `${part.key}/${part.attempts++}`
  const asked = senders.channelTo(flow.to, key)
  const policy = asked && senders.knownPolicy(sender, asked, part.isFresh)
  if (!asked || !policy) {
    giveUp(stage, payment)
    return
  }
  const isKnown = part.isRouteKnown && part.attempts === 1
  const later = isKnown ? 0 : laterFees(stage, payment.key, key, part.amountMsat)
  const outgoingMsat = part.amountMsat + later
  const isOutside = outgoingMsat > policy.maxHtlcMsat || outgoingMsat < policy.minHtlcMsat
  if (isOutside && !senders.ignoresLimits(sender)) {
    again(stage, senders, payment, part, key, true)
    return
  }
  const from = pickWeighted(stage.draw(isKnown ? payment.key : key, 'from'), flow.from)
  const fate = senders.fate(payment.key, key, outgoingMsat)
  offer(stage, {
    key,
    from,
    to: flow.to,
    asked,
    outgoingMsat,
    feeMsat: senders.offeredFee(policy, key, from, outgoingMsat),
    fate: { ...fate, succeeds: isKnown || fate.succeeds },
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
    stage.after(300, () => attempt(stage, senders, payment, part))
    return
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
  const { habits } = senders
  const most = pickWeighted(stage.draw(part.key, 'attempts'), habits.attempts)
  const isSlow = stage.draw(key, 'slow') < habits.slowShare
  const wait = logNormal(stage.draw(key, 'wait'), isSlow ? 4 * MINUTE : 3_500, 0.8)
  const at = stage.now + wait
  if (part.attempts >= most || at > payment.deadlineAt) {
    giveUp(stage, payment)
    return
  }
  const halves = mayHalve && canHalve(part) && stage.draw(key, 'halves') < habits.halvesShare
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
  stage.after(15, () =>
    attempt(stage, senders, payment, { ...half, halvings, key: `${part.key}b` }),
  )
}

function arrive(stage: WorldStage, payment: Payment, htlc: InFlight): void {
  if (payment.isLost) {
    resolve(stage, htlc, false)
    return
  }
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
