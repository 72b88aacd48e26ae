import { pickWeighted } from './random.ts'
import type { ProbeKind } from './traffic-habits.ts'
import { type Payment, payByKnownRoute } from './traffic-payments.ts'
import type { Senders } from './traffic-senders.ts'
import { offer, resolve } from './world-htlcs.ts'
import type { InFlight, Outcome } from './world-offer.ts'
import type { WorldStage } from './world-stage.ts'

const LADDER_SAT = [10_000, 20_000, 50_000, 100_000, 200_000, 350_000, 500_000] as const
const MOST_REPEATS = 3
const SEARCH_STEPS = 6

/** Lets somebody probe: what gets through is failed by its recipient and earns nothing. */
export function startProbe(
  stage: WorldStage,
  senders: Senders,
  payment: Payment,
  amountMsat: number,
  kind: ProbeKind,
): void {
  if (kind === 'ladder') {
    climb(stage, senders, payment, 0)
    return
  }
  if (kind === 'search') {
    search(stage, senders, payment, { step: 0, lowMsat: 0, highMsat: 2 * amountMsat })
    return
  }
  const isPaid = kind === 'probe then pay'
  probe(stage, senders, payment, `${payment.key}/0/0`, amountMsat, (reached) => {
    if (reached && isPaid) payLater(stage, senders, payment, amountMsat)
    if (!reached) repeat(stage, senders, payment, amountMsat, 1, isPaid)
  })
}

function repeat(
  stage: WorldStage,
  senders: Senders,
  payment: Payment,
  amountMsat: number,
  n: number,
  isPaid: boolean,
): void {
  if (n > MOST_REPEATS || stage.draw(payment.key, n, 'goes on') > 0.55) return
  stage.after(1_500 + 4_000 * stage.draw(payment.key, n, 'pause'), () => {
    probe(stage, senders, payment, `${payment.key}/0/${n}`, amountMsat, (reached) => {
      if (reached && isPaid) payLater(stage, senders, payment, amountMsat)
      if (!reached) repeat(stage, senders, payment, amountMsat, n + 1, isPaid)
    })
  })
}

function payLater(stage: WorldStage, senders: Senders, payment: Payment, amountMsat: number): void {
  stage.after(1_500 + 3_000 * stage.draw(payment.key, 'pays after'), () => {
    payByKnownRoute(stage, senders, payment, amountMsat)
  })
}

function climb(stage: WorldStage, senders: Senders, payment: Payment, rung: number): void {
  const sat = LADDER_SAT[rung]
  if (sat === undefined) return
  probe(stage, senders, payment, `${payment.key}/${rung}/0`, sat * 1000, (reached) => {
    if (!reached && stage.draw(payment.key, rung, 'stops') < 0.7) return
    const pause = 800 + 3_000 * stage.draw(payment.key, rung, 'pause')
    stage.after(pause, () => climb(stage, senders, payment, rung + 1))
  })
}

type Search = { step: number; lowMsat: number; highMsat: number }

// As `bos probe` does: the middle of what passed and what did not, and perhaps that is paid then.
function search(stage: WorldStage, senders: Senders, payment: Payment, found: Search): void {
  const { step, lowMsat, highMsat } = found
  const middleMsat = Math.floor((lowMsat + highMsat) / 2)
  if (step >= SEARCH_STEPS) {
    const isPaid = stage.draw(payment.key, 'pays what it found') < senders.habits.paysFoundShare
    if (isPaid && lowMsat > 0) payLater(stage, senders, payment, lowMsat)
    return
  }
  probe(stage, senders, payment, `${payment.key}/${step}/0`, middleMsat, (reached) => {
    const rest = reached ? { lowMsat: middleMsat, highMsat } : { lowMsat, highMsat: middleMsat }
    const pause = 600 + 2_000 * stage.draw(payment.key, step, 'pause')
    stage.after(pause, () => search(stage, senders, payment, { step: step + 1, ...rest }))
  })
}

function probe(
  stage: WorldStage,
  senders: Senders,
  payment: Payment,
  key: string,
  amountMsat: number,
  done: (reached: boolean) => void,
): void {
  const { flow, sender } = payment
  const asked = senders.channelTo(flow.to, key)
  const policy = asked && senders.knownPolicy(sender, asked, false)
  if (!asked || !policy) return
  if (amountMsat > policy.maxHtlcMsat && !senders.ignoresLimits(sender)) return
  const from = pickWeighted(stage.draw(payment.key, 'from'), flow.from)
  let reached = false
  offer(stage, {
    key,
    from,
    to: flow.to,
    asked,
    outgoingMsat: amountMsat,
    feeMsat: senders.offeredFee(policy, key, from, amountMsat),
    fate: senders.fate(payment.key, key, amountMsat),
    arrived(htlc: InFlight) {
      reached = true
      resolve(stage, htlc, false)
    },
    ended: (_outcome: Outcome) => done(reached),
  })
}
