import { startDemand } from './traffic-demands.ts'
import type { Rush } from './traffic-plan.ts'
import type { Senders } from './traffic-senders.ts'
import type { WorldStage } from './world-stage.ts'

const DAY = 86_400_000

/** Lets a crowd come, one buyer after the other, to a peer that is away as long as they come. */
export function startRush(
  stage: WorldStage,
  senders: Senders,
  { flow, at, lastsMs, payments, round }: Rush,
): void {
  const crowd = { ...flow, perDay: payments * (DAY / lastsMs) }
  stage.node.planOutage({ name: flow.to, from: at, to: at + lastsMs })
  const name = round === undefined ? `rush-${flow.to}` : `rush-${flow.to}-${round}`
  for (let n = 0; n < payments; n++) {
    const key = `${name}/${n}`
    stage.at(at + (lastsMs * n) / payments, () => startDemand(stage, senders, crowd, key))
  }
}
