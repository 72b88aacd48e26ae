import { describe, expect, it, vi } from 'vitest'
import { USUAL_DIGESTS } from '../../src/alerts/digest-schedule.ts'
import { createLog } from '../../src/log.ts'
import { openStore } from '../../src/store/open-store.ts'
import { temporaryFolder } from '../support/folder.ts'
import { CHAT, DigestLife } from './digest-life.ts'

// Days of a clock that is moved by hand take seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const OTHER = 78
// A Thursday, 03:00 in Berlin.
const THURSDAY = '2026-11-19T02:00Z'

function begin(from = THURSDAY): Promise<DigestLife> {
  return new DigestLife(from).start()
}

describe('a digest', () => {
  it('comes every morning at eight on the clock of its chat, on Monday for the week', async () => {
    const on = await begin()
    on.zones.set(OTHER, 'America/New_York')
    await on.days(6)
    expect(on.times()).toEqual([
      '2026-11-19 08:00',
      '2026-11-20 08:00',
      '2026-11-21 08:00',
      '2026-11-22 08:00',
      '2026-11-23 08:00',
      '2026-11-24 08:00',
    ])
    expect(on.times(OTHER).at(-1)).toBe('2026-11-24 08:00')
    const texts = on.arrived.filter(({ chatId }) => chatId === CHAT).map(({ text }) => text)
    expect(texts.map((text) => /in (24 h|7 days)/.exec(text)?.[1])).toEqual([
      '24 h',
      '24 h',
      '24 h',
      '24 h',
      '7 days',
      '24 h',
    ])
    for (const text of texts) expect(text).not.toMatch(/late|repeat/)
    // Chats of one hour share its figures.
    on.zones.set(79, 'Europe/Paris')
    const made = on.made
    await on.days(1)
    expect(on.made - made).toBe(3)
  })

  it('makes the figures once for chats that share their hour', async () => {
    const on = await begin()
    await on.prefer({ digests: { ...USUAL_DIGESTS, weekly: false } })
    await on.hours(6)
    expect([on.made, on.arrived.length]).toEqual([1, 1])
  })
})

describe('when clocks are changed', () => {
  it.each([
    [
      'Berlin, spring: 02:30 is skipped',
      'Europe/Berlin',
      '2026-03-28T11:00Z',
      150,
      ['2026-03-29 03:30', '2026-03-30 02:30'],
    ],
    [
      'Berlin, autumn: 02:30 comes twice',
      'Europe/Berlin',
      '2026-10-24T11:00Z',
      150,
      ['2026-10-25 02:30', '2026-10-26 02:30'],
    ],
    [
      'Lord Howe, spring: 02:15 is skipped',
      'Australia/Lord_Howe',
      '2026-10-03T05:00Z',
      135,
      ['2026-10-04 02:45', '2026-10-05 02:15'],
    ],
    [
      'Lord Howe, autumn: 01:45 comes twice',
      'Australia/Lord_Howe',
      '2026-04-04T05:00Z',
      105,
      ['2026-04-05 01:45', '2026-04-06 01:45'],
    ],
    [
      'Santiago: midnight is skipped',
      'America/Santiago',
      '2026-09-05T12:00Z',
      0,
      ['2026-09-06 01:00', '2026-09-07 00:00'],
    ],
  ])('it comes once for each date: %s', async (_, zone, from, minute, times) => {
    const on = new DigestLife(from)
    on.zones.set(CHAT, zone)
    on.usualMinute = minute
    await on.start()
    await on.days(2)
    expect(on.times()).toEqual(times)
    for (const { text } of on.arrived) expect(text).not.toMatch(/late/)
  })

  it('a restart between the two half past twos of autumn repeats nothing', async () => {
    const on = new DigestLife('2026-10-24T11:00Z')
    on.usualMinute = 150
    await on.start()
    await on.hours(14)
    expect(on.shown()).toBe('2026-10-25 02:00')
    expect(on.times()).toEqual(['2026-10-25 02:30'])
    await on.start()
    await on.hours(3)
    expect(on.times()).toEqual(['2026-10-25 02:30'])
  })

  it('comes as soon as it can when the program was down at the first of them', async () => {
    const on = new DigestLife('2026-10-24T11:00Z')
    on.usualMinute = 150
    await on.start()
    await on.hours(12)
    on.kill()
    await on.hours(2)
    await on.start()
    await on.hours(3)
    expect(on.times()).toEqual(['2026-10-25 02:00'])
    expect(on.arrived[0]?.text).toContain('(30 min late)')
  })
})

describe('whenever the program is killed', () => {
  it.each([false, true])(
    'it arrives, and again only when marked so',
    async (isAfter) => {
      const endings = new Set<string>()
      for (let wait = 1; wait <= 14; wait++) {
        const on = await begin('2026-11-19T06:30Z')
        await on.minutes(29)
        on.life.now.endAt(wait, isAfter)
        await on.minutes(10)
        const marks = on.arrived.map(({ text }) =>
          text.includes('(may be a repeat)') ? 'marked' : 'new',
        )
        // What was under way when it was killed may have arrived or not: it comes marked.
        expect([['new'], ['marked'], ['new', 'marked']], `wait ${wait}`).toContainEqual(marks)
        endings.add(marks.join())
        await on.days(1)
        expect(on.times().at(-1)).toBe('2026-11-20 08:00')
        expect(on.arrived.at(-1)?.text).not.toMatch(/repeat/)
      }
      expect([...endings].sort()).toEqual(['marked', 'new', 'new,marked'])
    },
    30_000,
  )

  it('the answer being lost, it comes again, marked, and then no more', async () => {
    const on = await begin('2026-11-19T06:30Z')
    on.outcomes = ['lost-reply']
    await on.minutes(32)
    expect(on.arrived.map(({ text }) => text.includes('(may be a repeat)'))).toEqual([false, true])
    await on.hours(20)
    expect(on.arrived).toHaveLength(2)
  })

  it('keeps to it on a real disk', async () => {
    await using folder = await temporaryFolder()
    const open = (on: DigestLife) =>
      openStore({
        url: `sqlite://${folder.path}/a.sqlite`,
        log: createLog('silent'),
        clock: on.clock,
      })
    const documents = { read: never, readAll: never, write: never }
    const on = new DigestLife('2026-11-19T06:30Z', documents as never)
    for (const hours of [0.4, 0.2, 3, 24]) {
      await using store = await open(on)
      Object.assign(documents, {
        read: (key: string) => store.read(key),
        readAll: (prefix: string) => store.readAll(prefix),
        write: (docs: Parameters<typeof store.write>[0]) => store.write(docs),
      })
      await on.start()
      await on.hours(hours)
      on.kill()
    }
    expect(on.times()).toEqual(['2026-11-19 08:00', '2026-11-20 08:00'])
  })
})

describe('when the clock of the machine is set', () => {
  it('back over the hour, it does not come again', async () => {
    const on = await begin()
    await on.hours(6)
    on.wallMs = -2 * 3_600_000
    await on.hours(4)
    expect(on.times()).toEqual(['2026-11-19 08:00'])
    await on.days(1)
    expect(on.arrived).toHaveLength(2)
  })

  it('forward over the hour, it comes late', async () => {
    const on = await begin()
    await on.hours(1)
    on.wallMs = 6 * 3_600_000
    await on.minutes(20)
    expect(on.arrived.map(({ text }) => /\(.* late\)/.exec(text)?.[0])).toEqual([
      '(2 h 5 min late)',
    ])
  })

  it('a year ahead by mistake and back again, it comes as ever, once for each date', async () => {
    const on = await begin()
    await on.hours(6)
    on.wallMs = 365 * 86_400_000
    await on.days(1)
    on.wallMs = 0
    await on.days(2)
    expect(on.times()).toEqual([
      '2026-11-19 08:00',
      '2027-11-19 09:05',
      '2027-11-20 08:00',
      '2026-11-20 09:05',
      '2026-11-21 08:00',
      '2026-11-22 08:00',
    ])
  })
})

describe('when the program was down at the hour', () => {
  it('it comes late and says so, until midnight', async () => {
    const on = await begin()
    await on.hours(2)
    on.kill()
    await on.hours(6)
    await on.start()
    await on.minutes(2)
    expect(on.times()).toEqual(['2026-11-19 11:00'])
    expect(on.arrived[0]?.text).toContain('Thu 19 Nov 11:00 (3 h late)')
  })

  it('it waits after the start until LND and its history were read, but not for long', async () => {
    const on = await begin()
    await on.hours(2)
    on.kill()
    await on.hours(6)
    on.isCaughtUp = false
    await on.start()
    await on.minutes(5)
    expect(on.times()).toEqual([])
    await on.minutes(15)
    expect(on.times()).toEqual(['2026-11-19 11:15'])
    // With LND away for long it comes all the same, and says so.
    await on.days(1)
    expect(on.times().at(-1)).toBe('2026-11-20 08:00')
  })

  it('those of days before are left out: the next covers them', async () => {
    const on = await begin()
    await on.hours(2)
    on.kill()
    await on.hours(72)
    await on.start()
    await on.hours(4)
    expect(on.times()).toEqual(['2026-11-22 08:00'])
  })

  it('an hour shortly before midnight outlasts it', async () => {
    const on = new DigestLife(THURSDAY)
    on.usualMinute = 23 * 60 + 50
    await on.start()
    await on.hours(20)
    on.kill()
    await on.hours(2)
    await on.start()
    await on.minutes(2)
    expect(on.times()).toEqual(['2026-11-20 01:00'])
    expect(on.arrived[0]?.text).toContain('(1 h 10 min late)')
  })

  it('on Monday, the week comes on Tuesday', async () => {
    const on = await begin('2026-11-22T12:00Z')
    await on.hours(1)
    on.kill()
    await on.hours(36)
    await on.start()
    await on.hours(12)
    expect(on.arrived.map(({ at, text }) => [at, /in (24 h|7 days)/.exec(text)?.[1]])).toEqual([
      ['2026-11-24 08:00', '7 days'],
    ])
  })
})

describe('when Telegram cannot be reached at the hour', () => {
  it('it comes later with the figures of its hour, and once', async () => {
    const on = await begin()
    await on.hours(4)
    on.isOut = true
    await on.hours(4)
    on.isOut = false
    await on.minutes(5)
    expect(on.arrived).toHaveLength(1)
    expect(on.arrived[0]?.text).toMatch(/Thu 19 Nov 08:00 \(3 h .*late\)/)
  })

  it('one whose day is over is left out', async () => {
    const on = await begin()
    await on.hours(4)
    on.isOut = true
    await on.hours(42)
    expect(on.shown()).toBe('2026-11-21 01:00')
    on.isOut = false
    await on.hours(8)
    expect(on.times()).toEqual(['2026-11-21 08:00'])
  })

  it('a chat that was gone for days gets the latest alone', async () => {
    const on = await begin()
    on.outcomes = ['blocked']
    await on.days(3)
    expect([on.times(), [...on.dead]]).toEqual([[], [CHAT]])
    await on.hours(6)
    on.revive()
    await on.minutes(2)
    expect(on.times()).toEqual(
      ['2026-11-22 09:02'].map((at) => expect.stringMatching(at.slice(0, 13))),
    )
  })

  it('one that Telegram cannot read goes without picture, then without tags', async () => {
    const on = await begin()
    on.outcomes = ['unreadable', 'unreadable']
    await on.hours(6)
    expect(on.arrived).toMatchObject([{ parseMode: '' }])
    await on.days(1)
    expect(on.arrived[1]).toMatchObject({ parseMode: 'HTML' })
  })

  it('one that it takes in no form does not stand in the way', async () => {
    const on = await begin()
    on.outcomes = ['unreadable', 'unreadable', 'unreadable']
    await on.days(2)
    expect(on.times()).toEqual(['2026-11-20 08:00'])
  })
})

describe('who gets one', () => {
  it('a chat that came after the hour gets its first tomorrow', async () => {
    const on = await begin()
    await on.hours(7)
    on.zones.set(OTHER, 'Europe/Berlin')
    await on.hours(24)
    expect(on.times(OTHER)).toEqual(['2026-11-20 08:00'])
  })

  it('one that changes its zone gets one for each date, and none late for it', async () => {
    const on = await begin()
    await on.hours(7)
    // Eight has passed there, too, and there it is the same day; and then a day ahead.
    on.zones.set(CHAT, 'Asia/Tokyo')
    await on.hours(2)
    on.zones.set(CHAT, 'Pacific/Auckland')
    await on.hours(10)
    on.zones.set(CHAT, 'Pacific/Honolulu')
    await on.hours(46)
    expect(on.times()).toEqual(['2026-11-19 08:00', '2026-11-20 08:00', '2026-11-21 08:00'])
  })

  it('one that turns it off gets none, and none late when it turns it on again', async () => {
    const on = await begin()
    await on.prefer({ digests: { ...USUAL_DIGESTS, daily: false, weekly: false } })
    await on.hours(30)
    await on.prefer({ digests: USUAL_DIGESTS })
    await on.hours(24)
    expect(on.times()).toEqual(['2026-11-21 08:00'])
  })

  it('one that wants the week alone gets Mondays', async () => {
    const on = await begin()
    await on.prefer({ digests: { daily: false, weekly: true, minute: 7 * 60 } })
    await on.days(8)
    expect(on.times()).toEqual(['2026-11-23 07:00'])
  })

  it('one that wants another time later on the day gets it from the next day on', async () => {
    const on = await begin()
    await on.hours(6)
    await on.prefer({ digests: { ...USUAL_DIGESTS, minute: 20 * 60 } })
    await on.days(1.5)
    expect(on.times()).toEqual(['2026-11-19 08:00', '2026-11-20 20:00'])
  })

  it('in quiet hours it comes without a sound, and a last resort gets none', async () => {
    const on = await begin()
    on.zones.set(OTHER, 'Europe/Berlin')
    await on.prefer({ quietHours: { from: 22 * 60, to: 9 * 60 } })
    await on.prefer({ isSecond: true }, OTHER)
    await on.hours(6)
    expect(on.arrived).toMatchObject([{ chatId: CHAT, isLoud: false }])
    await on.prefer({ quietHours: undefined })
    await on.days(1)
    expect(on.arrived.at(-1)).toMatchObject({ chatId: CHAT, isLoud: true })
  })

  it('nobody, while too little was listened to: that of the first morning is left out', async () => {
    const on = new DigestLife(THURSDAY)
    on.listeningSince = Date.parse(THURSDAY)
    await on.start()
    await on.hours(16)
    expect(on.times()).toEqual([])
    await on.hours(16)
    expect(on.times()).toEqual(['2026-11-20 08:00'])
  })
})

function never(): Promise<never> {
  return Promise.reject(new Error('there is no store yet'))
}
