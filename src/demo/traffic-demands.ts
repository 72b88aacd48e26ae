import { pickWeighted } from './random.ts'
import { amountOf } from './traffic-amounts.ts'
import type { Flow } from './traffic-flow.ts'
import { newPayment, pay } from './traffic-payments.ts'
import { startProbe } from './traffic-probes.ts'
import type { Senders } from './traffic-senders.ts'
import type { WorldStage } from './world-stage.ts'

// What people want of a flow, by weight.
const KINDS = [
  ['payment', 56],
  ['probe', 24],
  ['ladder', 12],
  ['probe then pay', 8],
] as const
const PROBES = [
  ['probe', 1],
  ['ladder', 2],
] as const
/** Lets somebody pay, or probe, over a flow; those whom we failed lately stay away. */
export function startDemand(stage: WorldStage, senders: Senders, flow: Flow, key: string): void {
  const amountMsat = amountOf(stage, flow, key)
  const sender = senders.nameOf(key, flow.to)
  if (senders.avoids(sender, key, amountMsat)) return
  const payment = newPayment(stage, flow, sender, key)
  const kind = pickWeighted(stage.draw(key, 'kind'), flow.isProbing ? PROBES : KINDS)
  if (kind === 'payment') pay(stage, senders, payment, amountMsat)
  else startProbe(stage, senders, payment, amountMsat, kind)
}
