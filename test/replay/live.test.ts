import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { estimate, runToEnd } from '../../src/analyzer/estimate.ts'
import type { ReplayReport } from '../../src/analyzer/replay-report.ts'
import type { Channel } from '../../src/lightning/channel.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import { chanIdFromScid, type Scid } from '../../src/lightning/scid.ts'
import { replay } from '../../src/replay/replay.ts'
import type { Memory } from '../../src/stats/memory.ts'
import { ALICE, BOB, CAROL, channel } from '../support/events.ts'
import { temporaryFolder } from '../support/folder.ts'
import { Story } from '../support/story.ts'

const START = [
  channel(ALICE, { capacityMsat: 40_000_000_000n, remoteMsat: 30_000_000_000n }),
  channel(BOB, { localMsat: 1_500_000_000n, remoteMsat: 3_500_000_000n }),
  channel(CAROL),
]

describe('a live node and the replay of its stream', () => {
  it('say the same of what was missed, given the same events and balances', async () => {
    const story = playADay(new Story(START))
    const live = runToEnd(estimate(story.memory, [{ name: 'all', from: 0 }], story.now))
    const { missedMsat, channels } = await replayed(story)
    const node = live.spans.get('all')?.node
    expect(Number(node?.expectedMsat)).toBeGreaterThan(1_000_000)
    expect(missedMsat).toEqual({
      expected: String(node?.expectedMsat),
      low: String(node?.lowMsat),
      high: String(node?.highMsat),
    })
    for (const one of channels) {
      const serial = story.memory.book.get(one.scid)?.serial ?? 0
      const missed = live.spans.get('all')?.channels.get(serial)
      expect(one.missedMsat.expected).toBe(String(missed?.liquidity.expectedMsat ?? 0n))
      expect(one.otherMissedMsat.expected).toBe(String(missed?.other.expectedMsat ?? 0n))
    }
  })
})

/** A day on which BOB runs dry: forwards, refusals, retries, a timer, and some too small a fee. */
function playADay(story: Story): Story {
  for (let i = 0; i < 400; i++) {
    const at = i * 200
    const sat = 10_000 + ((i * 7_919) % 190_000)
    const told = { at, sat, feeSat: 20 + (i % 50), to: i % 3 === 0 ? CAROL : BOB }
    if (i % 3 === 0 || i < 40) story.forwarded(told, i % 5 < 2 ? 'settled' : 'failed')
    else story.refused(told).refused({ ...told, at: at + 5 })
    if (i % 40 === 7) story.refused({ ...told, at: at + 20 }, { wireFailure: 12, failureDetail: 1 })
    if (i % 9 === 0) story.refused({ at: at + 30, sat: 500_000, feeSat: 250, to: BOB })
  }
  return story
}

async function replayed({ told, memory }: Story): Promise<ReplayReport> {
  await using folder = await temporaryFolder()
  const eventsPath = join(folder.path, 'events.jsonl')
  const channelsPath = join(folder.path, 'channels.json')
  await writeFile(eventsPath, told.map((event) => JSON.stringify(restOf(event))).join('\n'))
  const channels = START.map((one) => listed(one, memory))
  await writeFile(channelsPath, JSON.stringify({ channels }))
  let out = ''
  const io = { out: { write: (text: string) => (out += text) }, err: { write: () => undefined } }
  await replay({ eventsPath, channelsPath, policiesPath: undefined, json: true, ...io })
  return JSON.parse(out) as ReplayReport
}

/** As LND lists a channel at the end of the day. */
function listed(start: Channel, memory: Memory) {
  const { balances } = memory.book.get(start.scid) ?? {}
  const sat = (msat: number | bigint | undefined) => String(Number(msat) / 1000)
  const constraints = { chan_reserve_sat: sat(start.localReserveMsat), max_accepted_htlcs: 483 }
  return {
    active: true,
    remote_pubkey: start.peer.pubkey,
    channel_point: start.channelPoint,
    chan_id: String(chanIdFromScid(start.scid)),
    capacity: sat(start.capacityMsat),
    local_balance: sat(balances?.localMsat),
    remote_balance: sat(balances?.remoteMsat),
    commit_fee: sat(start.commitFeeMsat),
    local_constraints: constraints,
    remote_constraints: constraints,
  }
}

/** As LND's REST gateway prints an event. */
function restOf(event: HtlcEvent) {
  const id = (scid: Scid | undefined) => (scid === undefined ? '0' : String(chanIdFromScid(scid)))
  const info = {
    incoming_amt_msat: String(event.incomingMsat),
    outgoing_amt_msat: String(event.outgoingMsat),
  }
  const failure = { info, wire_failure: event.wireFailure, failure_detail: event.failureDetail }
  const said: Readonly<Record<string, object>> = {
    forward: { forward_event: { info } },
    settle: { settle_event: {} },
    forwardFail: { forward_fail_event: {} },
    linkFail: { link_fail_event: failure },
  }
  return {
    incoming_channel_id: id(event.incoming),
    outgoing_channel_id: id(event.outgoing),
    incoming_htlc_id: String(event.incomingHtlcId),
    outgoing_htlc_id: String(event.outgoingHtlcId),
    timestamp_ns: String(BigInt(Math.round(event.at * 1000)) * 1000n),
    event_type: 'FORWARD',
    ...said[event.kind],
  }
}
