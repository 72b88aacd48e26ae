import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ReplayReport } from '../../src/analyzer/replay-report.ts'
import { replay } from '../../src/replay/replay.ts'
import { temporaryFolder } from '../support/folder.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 10, 2)
const SPIKE_AT = START + 49 * HOUR
const ASKED = '700000x1x0'
const NEIGHBOURS = [701, 702, 703, 704, 705]

/** A recording, line by line, as LND's REST gateway prints it. */
class Recording {
  readonly lines: string[] = []
  #ids = 0

  /** A refused demand unlike any other, by the next neighbour. */
  refuse(at: number): this {
    const id = this.#ids++
    const amount = 10_000_000 + 700_003 * (id % 400)
    return this.#say(at, {
      incoming_channel_id: String(BigInt((NEIGHBOURS[id % NEIGHBOURS.length] ?? 0) * 1000) << 40n),
      outgoing_channel_id: String((700_000n << 40n) | (1n << 16n)),
      incoming_htlc_id: String(id),
      event_type: 'FORWARD',
      link_fail_event: {
        info: { incoming_amt_msat: String(amount + 1_000), outgoing_amt_msat: String(amount) },
        wire_failure: 'TEMPORARY_CHANNEL_FAILURE',
        failure_detail: 'INSUFFICIENT_BALANCE',
      },
    })
  }

  subscribe(at: number): this {
    return this.#say(at, { event_type: 'UNKNOWN', subscribed_event: {} })
  }

  /** Seven an hour, as always. */
  usual(from: number, to: number): this {
    for (let at = from; at < to; at += HOUR / 7) this.refuse(at)
    return this
  }

  /** Ten a minute. */
  spike(from: number, to: number): this {
    for (let at = from; at < to; at += MINUTE / 10) this.refuse(at)
    return this
  }

  async replayed(): Promise<{ report: ReplayReport; text: string }> {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'events.jsonl')
    await writeFile(path, this.lines.join('\n'))
    const print = async (json: boolean) => {
      let out = ''
      const write = (text: string) => (out += text)
      const usual = { eventsPath: path, channelsPath: undefined, policiesPath: undefined }
      await replay({ ...usual, json, out: { write }, err: { write } })
      return out
    }
    return { report: JSON.parse(await print(true)), text: await print(false) }
  }

  #say(at: number, event: object): this {
    this.lines.push(JSON.stringify({ timestamp_ns: `${Math.round(at)}000000`, ...event }))
    return this
  }
}

describe('alerts of a recording', () => {
  it('show a spike: when it would have rung and when it was over', async () => {
    const recording = new Recording()
      .usual(START, SPIKE_AT)
      .spike(SPIKE_AT, SPIKE_AT + 6 * MINUTE)
      .usual(SPIKE_AT + 6 * MINUTE, SPIKE_AT + 5 * HOUR)
    const { report, text } = await recording.replayed()

    expect(report.alerts).toEqual([
      {
        kind: 'spike.local',
        subject: `channel:${ASKED}`,
        severity: 'warn',
        firedAt: expect.any(String),
        resolvedAt: expect.any(String),
      },
    ])
    const [{ firedAt, resolvedAt } = { firedAt: '', resolvedAt: null }] = report.alerts
    expect(Date.parse(firedAt) - SPIKE_AT).toBeGreaterThan(0)
    expect(Date.parse(firedAt) - SPIKE_AT).toBeLessThan(5 * MINUTE)
    expect(Date.parse(resolvedAt ?? '') - SPIKE_AT).toBeLessThan(100 * MINUTE)
    expect(text).toContain(
      `${firedAt}  warn   spike.local      channel:${ASKED}; over ${resolvedAt}`,
    )
  })

  it('pass minute by minute in silence too: what ends there is over at its time', async () => {
    const end = SPIKE_AT + 6 * MINUTE
    const recording = new Recording().usual(START, SPIKE_AT).spike(SPIKE_AT, end)
    const { report } = await recording.refuse(end + 40 * HOUR).replayed()

    const spike = report.alerts.find(({ kind }) => kind === 'spike.local')
    expect(Date.parse(spike?.resolvedAt ?? '') - end).toBeLessThan(100 * MINUTE)
    const silent = report.alerts.find(({ kind }) => kind === 'lnd.silent')
    expect(Date.parse(silent?.firedAt ?? '') - end).toBeGreaterThan(12 * HOUR)
  })

  it('are held over a time in which nobody listened, and are open at the end when they are', async () => {
    const lost = SPIKE_AT + 6 * MINUTE
    const recording = new Recording().usual(START, SPIKE_AT).spike(SPIKE_AT, lost)
    const back = lost + 12 * HOUR
    const { report, text } = await recording
      .subscribe(back)
      .spike(back, back + 5 * MINUTE)
      .replayed()

    expect(report.alerts).toMatchObject([{ kind: 'spike.local', resolvedAt: null }])
    expect(text).toContain('still on at the end')
  })

  it('are none where nothing is unusual', async () => {
    const { report, text } = await new Recording().usual(START, SPIKE_AT).replayed()
    expect(report.alerts).toEqual([])
    expect(text).toContain('none would have rung')
  })
})
