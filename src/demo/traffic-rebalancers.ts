import type { Rebalancer } from './traffic-plan.ts'
import type { Senders } from './traffic-senders.ts'
import { offer, resolve } from './world-htlcs.ts'
import type { WorldStage } from './world-stage.ts'

const MOST_TICKS = 40

/** Sets the rebalancers' timers going. */
export function startRebalancers(
  stage: WorldStage,
  senders: Senders,
  rebalancers: readonly Rebalancer[],
): void {
  for (const bot of rebalancers) {
    const campaign = (n: number): void => {
      const start = stage.draw(bot.name, n, 'start') * bot.campaignMs * 0.2
      const first = { campaign: `${bot.name}/${n}`, n: 0, failures: 0 }
      stage.after(start, () => tick(stage, senders, bot, first))
      stage.after(bot.campaignMs, () => campaign(n + 1))
    }
    campaign(0)
  }
}

type Tick = { campaign: string; n: number; failures: number }

function tick(
  stage: WorldStage,
  senders: Senders,
  bot: Rebalancer,
  { campaign, n, failures }: Tick,
): void {
  const key = `${campaign}/${n}`
  const asked = senders.channelTo(bot.to, campaign)
  const policy = asked && senders.knownPolicy(bot.name, asked, true)
  if (!asked || !policy || n >= MOST_TICKS) return
  const outgoingMsat = Math.floor(bot.amountMsat / 2 ** Math.min(failures, bot.halvings))
  const usual = senders.fate(campaign, key, outgoingMsat)
  offer(stage, {
    key,
    from: bot.from,
    to: bot.to,
    asked,
    outgoingMsat,
    feeMsat: senders.offeredFee(policy, campaign, bot.from, outgoingMsat),
    fate: { succeeds: stage.draw(key, 'luck') < bot.luck, delayMs: usual.delayMs },
    arrived: (htlc) => resolve(stage, htlc, true),
    ended(outcome) {
      const isThrough = outcome.kind === 'settled'
      if (isThrough && stage.draw(key, 'repeats') >= bot.repeats) return
      const jitter = 1 + 0.02 * (stage.draw(key, 'jitter') - 0.5)
      const next = { campaign, n: n + 1, failures: isThrough ? 0 : failures + 1 }
      stage.after(bot.everyMs * jitter, () => tick(stage, senders, bot, next))
    },
  })
}
