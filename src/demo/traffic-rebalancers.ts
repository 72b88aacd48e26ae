import type { Senders } from './traffic-senders.ts'
import type { PeerName } from './world-channels.ts'
import { offer, resolve } from './world-htlcs.ts'
import type { WorldStage } from './world-stage.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MOST_TICKS = 40

/** A neighbour's bot that moves the same amount through us on a timer until it gets through. */
type Rebalancer = {
  name: string
  from: PeerName
  to: PeerName
  amountMsat: number
  everyMs: number
  /** A new campaign begins this often. */
  campaignMs: number
  /** P(one try that we forward gets round). */
  luck: number
}

const REBALANCERS: readonly Rebalancer[] = [
  {
    name: 'fountain-alice',
    from: 'fountain',
    to: 'alice',
    amountMsat: 500_000_000,
    everyMs: 10 * MINUTE,
    campaignMs: 9 * HOUR,
    luck: 0.2,
  },
  {
    name: 'wallet-twins',
    from: 'wallet',
    to: 'twins',
    amountMsat: 250_000_000,
    everyMs: 15 * MINUTE,
    campaignMs: 11 * HOUR,
    luck: 0.25,
  },
  {
    name: 'market-roaster',
    from: 'market',
    to: 'roaster',
    amountMsat: 300_000_000,
    everyMs: 20 * MINUTE,
    campaignMs: 14 * HOUR,
    luck: 0.3,
  },
]

/** Sets the rebalancers' timers going. */
export function startRebalancers(stage: WorldStage, senders: Senders): void {
  for (const bot of REBALANCERS) {
    const campaign = (n: number): void => {
      const start = stage.draw(bot.name, n, 'start') * bot.campaignMs * 0.2
      stage.after(start, () => tick(stage, senders, bot, `${bot.name}/${n}`, 0))
      stage.after(bot.campaignMs, () => campaign(n + 1))
    }
    campaign(0)
  }
}

function tick(
  stage: WorldStage,
  senders: Senders,
  bot: Rebalancer,
  campaign: string,
  n: number,
): void {
  const key = `${campaign}/${n}`
  const asked = senders.channelTo(bot.to, campaign)
  const policy = asked && senders.knownPolicy(bot.name, asked, true)
  if (!asked || !policy || n >= MOST_TICKS) return
  const usual = senders.fate(key, bot.amountMsat)
  offer(stage, {
    key,
    from: bot.from,
    to: bot.to,
    asked,
    outgoingMsat: bot.amountMsat,
    feeMsat: senders.offeredFee(policy, campaign, bot.from, bot.amountMsat),
    fate: { succeeds: stage.draw(key, 'luck') < bot.luck, delayMs: usual.delayMs },
    arrived: (htlc) => resolve(stage, htlc, true),
    ended(outcome) {
      if (outcome.kind === 'settled') return
      const jitter = 1 + 0.02 * (stage.draw(key, 'jitter') - 0.5)
      stage.after(bot.everyMs * jitter, () => tick(stage, senders, bot, campaign, n + 1))
    },
  })
}
