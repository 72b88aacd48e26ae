import type { Scid } from '../lightning/scid.ts'
import { REFUSALS } from './forwarding.ts'
import { pick } from './random.ts'
import type { Arrivals, NoisePlan } from './traffic-plan.ts'
import { finish } from './world-events.ts'
import { offer, resolve } from './world-htlcs.ts'
import type { WorldStage } from './world-stage.ts'

const PROBED_SAT = [1_000, 10_000, 10_000, 50_000, 500_000] as const

/**
 * Returns those who probe this very node with invoices that nobody ever issued, and HTLCs for
 * channels that are not ours, for a real id kept secret, and for their own.
 */
export function noise(stage: WorldStage, plan: NoisePlan): readonly Arrivals[] {
  const neighbourOf = (key: string): string | undefined =>
    pick(stage.draw(key, 'from'), plan.neighbours)
  return [
    {
      key: 'unknown-invoice',
      perDay: plan.invoiceProbesPerDay,
      start: (key) => probeUs(stage, key, neighbourOf(key)),
    },
    {
      key: 'garbage',
      perDay: plan.garbagePerDay,
      start: (key) => offerGarbage(stage, key, neighbourOf(key)),
    },
  ]
}

function probeUs(stage: WorldStage, key: string, from: string | undefined): void {
  if (from === undefined) return
  const sat = pick(stage.draw(key, 'amount'), PROBED_SAT) ?? 1_000
  const channel = stage.node
    .channelsOf(from, stage.now)
    .find(({ receivableMsat }) => receivableMsat >= sat * 1000)
  if (!channel) return
  const expiryHeight = stage.blockHeight + 40
  const id = channel.receive({ amountMsat: sat * 1000, expiryHeight, forwarding: undefined })
  channel.endIncoming(id, false)
  stage.emit({
    kind: 'linkFail',
    role: 'receive',
    incoming: channel.scid,
    incomingHtlcId: id,
    incomingMsat: sat * 1000,
    wireFailure: REFUSALS.unknownInvoice.wire,
    failureDetail: REFUSALS.unknownInvoice.detail,
  })
  finish(stage, key, channel, id, false)
}

function offerGarbage(stage: WorldStage, key: string, from: string | undefined): void {
  if (from === undefined) return
  const u = stage.draw(key, 'which')
  const own = stage.node.channelsOf(from, stage.now)[0]
  const hermit = stage.node.all.find(({ spec }) => spec.private)?.spec.aliases[0]
  const asked = u < 0.15 ? own?.scid : u < 0.35 ? hermit : strangeId(stage, key)
  if (!asked) return
  offer(stage, {
    key,
    from,
    to: 'nobody',
    asked,
    outgoingMsat: 1_000 * Math.ceil(200_000 * stage.draw(key, 'amount')),
    feeMsat: 1_000,
    fate: { succeeds: false, delayMs: 1_000 },
    arrived: (htlc) => resolve(stage, htlc, false),
    ended: () => undefined,
  })
}

// One of a few that come again and again, as 666666x666x6 did in the wild, or any.
function strangeId(stage: WorldStage, key: string): Scid {
  if (stage.draw(key, 'famous') < 0.3) return '666666x666x6'
  const block = 500_000 + Math.floor(400_000 * stage.draw(key, 'block'))
  return `${block}x${Math.floor(3_000 * stage.draw(key, 'tx'))}x${Math.floor(3 * stage.draw(key, 'output'))}`
}
