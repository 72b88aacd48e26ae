import { logNormal, pickWeighted } from './random.ts'
import type { Arrivals, OwnPlan, Way } from './traffic-plan.ts'
import { reach, type Senders } from './traffic-senders.ts'
import type { WorldChannel } from './world-channel.ts'
import { finish } from './world-events.ts'
import type { WorldStage } from './world-stage.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const REFILL_AT_MS = 3 * 60 * MINUTE
const FINAL_BLOCKS = 40

/** Returns the node's own payments, receipts and circular rebalances. */
export function ownTraffic(
  stage: WorldStage,
  senders: Senders,
  plan: OwnPlan,
): readonly Arrivals[] {
  return [
    {
      key: 'own-send',
      perDay: plan.sendsPerDay,
      start: (key) => pay(stage, senders, plan, key),
    },
    { key: 'own-receive', perDay: plan.receivesPerDay, start: (key) => receive(stage, plan, key) },
    {
      key: 'own-rebalance',
      perDay: plan.rebalances.perDay,
      start: (key) => rebalance(stage, plan.rebalances, key),
    },
  ]
}

/** Every night the operator fills the channel that every day empties. */
export function startNightlyRefill(stage: WorldStage, refill: OwnPlan['refill']): void {
  if (!refill) return
  const night = (n: number): void => {
    stage.at((Math.floor(stage.now / DAY) + 1) * DAY + REFILL_AT_MS, () => {
      for (let part = 0; part < refill.parts; part++) {
        const key = `refill/${n}/${part}`
        stage.after(part * 4 * MINUTE, () => move(stage, key, refill.way, refill.amountMsat, true))
      }
      night(n + 1)
    })
  }
  night(0)
}

function pay(stage: WorldStage, senders: Senders, { payees }: OwnPlan, key: string): void {
  const amount = whole(logNormal(stage.draw(key, 'amount'), 20_000, 1.2))
  const peer = pickWeighted(stage.draw(key, 'payee'), payees)
  const succeeds = stage.draw(key, 'fate') < reach(senders.habits.reach, amount / 1000)
  send(stage, peer, amount, (channel, outgoingHtlcId) => {
    stage.after(1_000 + 3_000 * stage.draw(key, 'delay'), () => {
      endSend(stage, channel, outgoingHtlcId, succeeds)
    })
  })
}

function receive(stage: WorldStage, { payees }: OwnPlan, key: string): void {
  const parts = stage.draw(key, 'multi-part') < 0.2 ? 3 : 1
  const amount = whole(logNormal(stage.draw(key, 'amount'), 30_000, 1) / parts)
  const heldMs = stage.draw(key, 'hold invoice') < 0.1 ? 25 * MINUTE : 400
  for (let part = 0; part < parts; part++) {
    const peer = pickWeighted(stage.draw(key, part, 'payer'), payees)
    take(stage, peer, amount, (channel, id) => {
      stage.after(heldMs, () => settleReceipt(stage, `${key}/${part}`, channel, id))
    })
  }
}

function rebalance(
  stage: WorldStage,
  { ways, medianSat }: OwnPlan['rebalances'],
  key: string,
): void {
  const way = pickWeighted(stage.draw(key, 'way'), ways)
  const amount = whole(logNormal(stage.draw(key, 'amount'), medianSat, 0.6))
  move(stage, key, way, amount, stage.draw(key, 'fate') < 0.5)
}

function move(
  stage: WorldStage,
  key: string,
  [out, back]: Way,
  amount: number,
  succeeds: boolean,
): void {
  const fee = Math.floor(amount * 0.0004)
  const delay = 1_500 + 4_000 * stage.draw(key, 'delay')
  send(stage, out, amount + fee, (channel, outgoingHtlcId) => {
    stage.after(delay, () => {
      const returned =
        succeeds &&
        take(stage, back, amount, (incoming, id) => {
          settleReceipt(stage, key, incoming, id)
        })
      stage.after(350, () => endSend(stage, channel, outgoingHtlcId, returned))
    })
  })
}

function send(
  stage: WorldStage,
  peer: string,
  amountMsat: number,
  sent: (channel: WorldChannel, id: number) => void,
): void {
  const channel = stage.node.channelsOf(peer, stage.now)[0]
  if (!channel || !stage.node.isEligible(channel.spec.peer, stage.now)) return
  if (channel.bandwidthMsat < amountMsat) return
  const expiryHeight = stage.blockHeight + FINAL_BLOCKS
  const id = channel.send({ amountMsat, expiryHeight, forwarding: undefined })
  stage.emit({
    kind: 'forward',
    role: 'send',
    outgoing: channel.scid,
    outgoingHtlcId: id,
    outgoingMsat: amountMsat,
  })
  sent(channel, id)
}

function endSend(stage: WorldStage, channel: WorldChannel, id: number, settled: boolean): void {
  channel.endOutgoing(id, settled)
  const kind = settled ? 'settle' : 'forwardFail'
  stage.emit({ kind, role: 'send', outgoing: channel.scid, outgoingHtlcId: id })
}

// Returns whether the peer has the amount to send us.
function take(
  stage: WorldStage,
  peer: string,
  amountMsat: number,
  held: (channel: WorldChannel, id: number) => void,
): boolean {
  const channel = stage.node
    .channelsOf(peer, stage.now)
    .find(({ receivableMsat }) => receivableMsat >= amountMsat)
  if (!channel || !stage.node.isEligible(channel.spec.peer, stage.now)) return false
  const expiryHeight = stage.blockHeight + FINAL_BLOCKS
  held(channel, channel.receive({ amountMsat, expiryHeight, forwarding: undefined }))
  return true
}

function settleReceipt(stage: WorldStage, key: string, channel: WorldChannel, id: number): void {
  channel.endIncoming(id, true)
  stage.emit({ kind: 'settle', role: 'receive', incoming: channel.scid, incomingHtlcId: id })
  finish(stage, key, channel, id, true)
}

function whole(sat: number): number {
  return Math.max(1, Math.round(sat)) * 1000
}
