import { describe, expect, it } from 'vitest'
import { MAX_TOP_CHANNELS } from '../../src/http/channel-metrics.ts'
import { ALICE, CAROL, HOUR, NOON, refused } from '../support/events.ts'
import { promtool } from './promtool.ts'
import { ports, served, WELL } from './support.ts'

/** Scrapes once; returns the text, and its samples by name and labels. */
async function scrape(program = ports(), query = '') {
  await using server = await served(program)
  const answer = await server.ask(`/metrics${query}`)
  const page = await answer.text()
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const samples = new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end).replace(/^missed_sats_/, ''), Number(line.slice(end + 1))]
    }),
  )
  return { status: answer.status, type: answer.headers.get('content-type'), page, samples }
}

describe('/metrics', () => {
  it('counts events, forwards and refusals as the chat does', async () => {
    const { samples, type } = await scrape()
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(Object.fromEntries(samples)).toMatchObject({
      'events_total{kind="forward"}': 3,
      'events_total{kind="link_fail"}': 4,
      'events_total{kind="forward_fail"}': 1,
      'events_dropped_total{reason="foreign"}': 1,
      'forwards_total{outcome="settled"}': 1,
      'forwards_total{outcome="failed"}': 1,
      forwards_in_flight: 1,
      fees_earned_sats_total: 100,
      forwarded_sats_total: 100_000,
      'refused_attempts_total{class="INSUFFICIENT_BALANCE"}': 2,
      'refused_fees_offered_sats_total{class="INSUFFICIENT_BALANCE"}': 200,
      // The window begins an hour before the program did.
      'stream_coverage_ratio{window="1h"}': 0.5,
      last_event_timestamp_seconds: NOON / 1000 + 1800,
    })
  })

  it('counts a demand once it has ended', async () => {
    const program = ports()
    expect((await scrape(program)).samples.get('demands_total')).toBe(0)
    program.memory.demands.sessions.advance(NOON + HOUR)
    const { samples } = await scrape(program)
    // Of the third that was refused a part is still on its way.
    expect(samples.get('demands_total')).toBe(2)
    expect(samples.get('demands_open')).toBe(1)
  })

  it('tells the state of each part', async () => {
    const program = ports()
    program.facts = { ...WELL, lnd: { ...WELL.lnd, state: 'locked' }, saveFailingSince: NOON }
    const { samples } = await scrape(program)
    expect(Object.fromEntries(samples)).toMatchObject({
      'healthy{part="lnd"}': 0,
      'healthy{part="telegram"}': 1,
      'healthy{part="store"}': 0,
      'lnd_state{state="locked"}': 1,
      'lnd_state{state="listening"}': 0,
      'telegram_chats{state="reachable"}': 2,
      telegram_messages_waiting: 5,
      'alerts_firing{kind="spike.local"}': 2,
      'alerts_firing{kind="lnd.down"}': 0,
      alerts_oldest_untold_seconds: 90,
      store_size_bytes: 90_112,
    })
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e7)
  })

  it('shows the usual classes before their first refusal, and has one class for unnamed ones', async () => {
    const { samples } = await scrape()
    const classes = [...samples.keys()].filter((name) => name.startsWith('refused_attempts'))
    expect(classes).toEqual([
      'refused_attempts_total{class="INSUFFICIENT_BALANCE"}',
      'refused_attempts_total{class="FEE_INSUFFICIENT"}',
      'refused_attempts_total{class="OTHER"}',
    ])
    expect(samples.get('refused_attempts_total{class="FEE_INSUFFICIENT"}')).toBe(0)
    expect(samples.get('refused_attempts_total{class="OTHER"}')).toBe(1)
  })

  it('has a series for channels only where asked, and for as many', async () => {
    const none = await scrape()
    expect(none.page).not.toContain('scid=')
    const { samples } = await scrape(ports(), '?channels=1')
    const scids = [...samples.keys()].flatMap((name) => /scid="([^"]+)"/.exec(name)?.[1] ?? [])
    expect(new Set(scids).size).toBe(2)
    const all = await scrape(ports(), '?channels=100')
    expect(all.page).toMatch(
      new RegExp(`channel_refused_attempts\\{scid="${CAROL}",alias="peer of ${CAROL}"\\} 1\n`),
    )
    expect(all.page).toContain(`scid="${ALICE}",alias="a \\"quoted\\\\\\" {name}=\\"1\\""`)
  })

  it.each(['-1', '1.5', 'all', String(MAX_TOP_CHANNELS + 1)])(
    'refuses to show %s channels',
    async (count) => {
      const { status, page } = await scrape(ports(), `?channels=${count}`)
      expect([status, page]).toEqual([400, 'channels must be a whole number from 0 to 100\n'])
    },
  )

  it('has no series more after strangers asked for a thousand channels', async () => {
    const program = ports()
    const before = (await scrape(program, '?channels=100')).samples.size
    for (let i = 0; i < 1000; i++) {
      const stranger = { outgoing: `${900_000 + i}x1x1`, failureDetail: 22, at: NOON } as const
      program.memory.record(refused(1000 + i, stranger), NOON)
    }
    expect((await scrape(program, '?channels=100')).samples.size).toBe(before)
  })

  it("is clean to Prometheus's own parser and linter", async ({ skip }) => {
    const { page } = await scrape(ports(), '?channels=100')
    const said = await promtool(['check', 'metrics'], page, skip)
    expect(said).toEqual({ code: 0, out: '', err: '' })
  })
})
