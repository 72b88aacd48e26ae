import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { ReplayReport } from '../../src/analyzer/replay-report.ts'
import { replay } from '../../src/replay/replay.ts'
import { temporaryFolder } from '../support/folder.ts'

// Streams of real nodes lie beside the repository where it is developed; users do not have them.
const RECORDINGS = fileURLToPath(new URL('../../../shared/recordings/', import.meta.url))
const hasRecordings = existsSync(RECORDINGS)
if (!hasRecordings) console.warn(`skipped: no recordings of real nodes in ${RECORDINGS}`)

async function replayed(events: string, channels?: string, policies?: string) {
  let out = ''
  let err = ''
  const code = await replay({
    eventsPath: events,
    channelsPath: channels,
    policiesPath: policies,
    json: true,
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
  })
  return { code, err, report: JSON.parse(out) as ReplayReport }
}

describe.skipIf(!hasRecordings)('the recording of seven LND nodes on regtest', () => {
  const folder = join(RECORDINGS, 'real-lnd-regtest')
  const read = () =>
    replayed(
      join(folder, 'events.jsonl'),
      join(folder, 'channels.json'),
      join(folder, 'policies.json'),
    )

  it('has the figures that its driver knows', async () => {
    const { code, err, report } = await read()
    expect([code, err]).toEqual([0, ''])
    expect(report.forwards).toEqual({
      offered: 522,
      settled: 458,
      failed: 64,
      pending: 0,
      volumeMsat: '31888429692',
      earnedMsat: '21086586',
    })
    expect(report.own).toEqual({ sent: 35, sendFailed: 0, received: 38, receiveRefused: 11 })
    expect(report.dropped).toEqual({
      finals: 936,
      replays: 5,
      unmatched: 0,
      foreign: 2,
      unknown: 0,
      badLines: 0,
    })
    expect([report.refused.attempts, report.refused.offeredMsat]).toEqual([354, '35464284'])
  })

  it('groups 287 refusals for lack of balance into about as many demands as there were buyers', async () => {
    const { report } = await read()
    // The driver knows of 61 payments.
    const demands = report.refused.byClass['INSUFFICIENT_BALANCE']?.demands
    expect(demands).toBeGreaterThanOrEqual(57)
    expect(demands).toBeLessThanOrEqual(65)
  })

  it('has every kind of refusal as often as it was provoked', async () => {
    const { report } = await read()
    const attempts = Object.entries(report.refused.byClass).map(([name, each]) => [
      name,
      each.attempts,
    ])
    expect(Object.fromEntries(attempts)).toEqual({
      INSUFFICIENT_BALANCE: 287,
      FORWARDS_DISABLED: 15,
      INCOMPLETE_FORWARD: 13,
      HTLC_ADD_FAILED: 10,
      FEE_INSUFFICIENT: 7,
      UNKNOWN_NEXT_PEER: 6,
      INCORRECT_CLTV_EXPIRY: 5,
      AMOUNT_BELOW_MINIMUM: 4,
      HTLC_EXCEEDS_MAX: 3,
      EXPIRY_TOO_SOON: 2,
      EXPIRY_TOO_FAR: 1,
      CIRCULAR_ROUTE: 1,
    })
  })

  it('adds up over its channels, alias and closed ones included', async () => {
    const { report } = await read()
    const sum = (read: (channel: ReplayReport['channels'][number]) => number) =>
      report.channels.reduce((total, channel) => total + read(channel), 0)
    expect(report.channels).toHaveLength(8)
    expect(sum(({ outgoing }) => outgoing.settled)).toBe(458)
    expect(sum(({ incoming }) => incoming.settled)).toBe(458)
    expect(sum(({ refused }) => refused.attempts)).toBe(354)
    expect(report.channels.map(({ chanId }) => chanId)).toContain('17592186044416000006')
  })

  it('is the same by the channels that REST prints', async () => {
    const byRest = await replayed(join(folder, 'events.jsonl'), join(folder, 'channels-rest.json'))
    const { report } = await read()
    expect(byRest.report).toEqual(report)
  })

  it('leaves the times uncovered in which LND was down', async () => {
    const { report } = await read()
    const { from, to, coveredSeconds } = report.window
    const seconds = (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000
    expect(coveredSeconds).toBeLessThan(seconds)
    expect(coveredSeconds).toBeGreaterThan(seconds * 0.8)
  })
})

describe.skipIf(!hasRecordings)('alerts in the recordings of real nodes', () => {
  const kindsOf = ({ report }: { report: ReplayReport }) =>
    report.alerts.map(({ kind, subject, resolvedAt }) => [kind, subject, resolvedAt])

  it('are of the sides that were emptied, where no day is there to learn from', async () => {
    const folder = join(RECORDINGS, 'real-lnd-regtest')
    const found = await replayed(join(folder, 'events.jsonl'), join(folder, 'channels.json'))
    expect(kindsOf(found)).toEqual([
      ['liq.low', 'channel:305x1x0', null],
      ['liq.low', 'channel:304x1x0', null],
      ['liq.low', 'channel:303x1x0', null],
    ])
  })

  it('are none of fees missed where 15 hours and two demands are too little to tell', async () => {
    const found = await replayed(join(RECORDINGS, 'routing-node-2024-12.jsonl'))
    expect(kindsOf(found)).toEqual([])
  })
})

describe.skipIf(!hasRecordings)('the recording of a main-net node', () => {
  it('has the figures that were counted by hand', async () => {
    const { report } = await replayed(join(RECORDINGS, 'routing-node-2024-12.jsonl'))
    expect(report.forwards).toMatchObject({
      offered: 22,
      settled: 5,
      failed: 17,
      earnedMsat: '323680',
    })
    expect(report.refused).toMatchObject({
      attempts: 3,
      offeredMsat: '17166986',
      byClass: { INSUFFICIENT_BALANCE: { attempts: 2 }, HTLC_EXCEEDS_MAX: { attempts: 1 } },
    })
    expect(report.own).toEqual({ sent: 11, sendFailed: 0, received: 114, receiveRefused: 3 })
    expect(report.dropped.finals).toBe(142)
  })

  it('missed a few hundred sat, maybe nothing, where the refused fees add up to 17,167', async () => {
    const { report } = await replayed(join(RECORDINGS, 'routing-node-2024-12.jsonl'))
    const { expected, low, high } = report.missedMsat
    expect(report.refused.byClass['INSUFFICIENT_BALANCE']?.demands).toBe(2)
    expect(Number(expected)).toBeGreaterThan(200_000)
    expect(Number(expected)).toBeLessThan(1_000_000)
    expect(low).toBe('0')
    expect(Number(high)).toBeLessThan(17_166_986)
  })
})

describe(replay, () => {
  const refusal = {
    incoming_channel_id: '879744541654155265',
    outgoing_channel_id: '17592186044416000006',
    incoming_htlc_id: '0',
    timestamp_ns: '1734099875658263387',
    event_type: 'FORWARD',
    link_fail_event: {
      info: { incoming_amt_msat: '1100', outgoing_amt_msat: '1000' },
      wire_failure: 'TEMPORARY_CHANNEL_FAILURE',
      failure_detail: 'INSUFFICIENT_BALANCE',
    },
  }

  async function replayedLines(...lines: readonly string[]) {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'events.jsonl')
    await writeFile(path, lines.join('\n'))
    return await replayed(path)
  }

  it('reports a bad line by its number, skips it and counts the rest', async () => {
    const { code, err, report } = await replayedLines('{', JSON.stringify(refusal), '{"a":1}', '')
    expect(code).toBe(0)
    expect(err).toMatch(/events\.jsonl:1: skipped: .*\n.*events\.jsonl:3: skipped: .*/)
    expect([report.dropped.badLines, report.refused.attempts]).toEqual([2, 1])
  })

  it('reads channel ids above 2^53 exactly, also printed as bare numbers', async () => {
    const bare = JSON.stringify(refusal).replaceAll(/"(\d+)"/g, '$1')
    const { report } = await replayedLines(bare)
    expect(report.channels.map(({ chanId }) => chanId)).toEqual([
      '17592186044416000006',
      '879744541654155265',
    ])
  })

  it('says that a file is no recording', async () => {
    await expect(replayedLines('once', 'upon', 'a time')).rejects.toThrow('not one line of it')
  })

  it('reads what curl on the REST gateway prints', async () => {
    const { report } = await replayedLines(JSON.stringify({ result: refusal }))
    expect(report.refused.attempts).toBe(1)
  })

  it('reads enums by number and keeps unknown ones', async () => {
    const byNumber = {
      ...refusal,
      event_type: 3,
      link_fail_event: { ...refusal.link_fail_event, wire_failure: 15, failure_detail: 99 },
    }
    const { report } = await replayedLines(JSON.stringify(byNumber))
    expect(Object.keys(report.refused.byClass)).toEqual(['DETAIL_99'])
    expect(report.dropped.unknown).toBe(1)
  })

  it('has an empty report of an empty recording', async () => {
    const { code, report } = await replayedLines('')
    expect(code).toBe(0)
    expect(report.window).toEqual({ from: null, to: null, coveredSeconds: 0 })
  })

  it('names the file that it cannot read', async () => {
    await expect(replayed('/nowhere/events.jsonl')).rejects.toThrow(
      'cannot read /nowhere/events.jsonl',
    )
  })
})
