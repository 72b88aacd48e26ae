import { pickWeighted } from './random.ts'
import { amountOf } from './traffic-amounts.ts'
import { newPayment, pay } from './traffic-payments.ts'
import type { Flow } from './traffic-plan.ts'
import { startProbe } from './traffic-probes.ts'
import type { Senders } from './traffic-senders.ts'
import type { WorldStage } from './world-stage.ts'

/** Lets somebody pay, or probe, over a flow; those whom we failed lately stay away. */
export function startDemand(stage: WorldStage, senders: Senders, flow: Flow, key: string): void {
  const { wants, probes } = senders.habits
  const amountMsat = amountOf(stage, flow, key)
  const payment = newPayment(stage, senders, flow, key)
  if (senders.avoids(payment.sender, key, amountMsat)) return
  const kind = pickWeighted(stage.draw(key, 'kind'), flow.isProbing ? probes : wants)
  if (kind === 'payment') pay(stage, senders, payment, amountMsat)
  else startProbe(stage, senders, payment, amountMsat, kind)
}
