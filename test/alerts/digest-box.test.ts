import { describe, expect, it } from 'vitest'
import { AlertDesk } from '../../src/alerts/desk.ts'
import { DigestBox } from '../../src/alerts/digest-box.ts'
import type { DigestSchedule, DueDigest } from '../../src/alerts/digest-schedule.ts'
import { USUAL_PREFERENCES } from '../../src/alerts/preferences.ts'

const CHAT = 77
const SCHEDULE: DigestSchedule = { daily: true, weekly: true, minute: 480, timeZone: 'UTC' }
const DUE: DueDigest = {
  period: 'day',
  date: '2026-11-21',
  dueAt: Date.parse('2026-11-21T08:00:00Z'),
}

function desk(documents: ReadonlyMap<string, unknown> = new Map()): AlertDesk {
  return AlertDesk.restore([], () => undefined, documents, DUE.dueAt)
}

/** The documents after what was done, as a disk has them. */
function kept(one: AlertDesk, before: ReadonlyMap<string, unknown> = new Map()) {
  const documents = new Map(before)
  for (const { key, value } of one.takeDocuments(DUE.dueAt)) {
    if (value === undefined) documents.delete(key)
    else documents.set(key, value)
  }
  return documents
}

describe(DigestBox, () => {
  it('is kept with all that a chat was told, and found again', () => {
    const first = desk()
    first.box(CHAT).digests.look(SCHEDULE, DUE.dueAt - 1)
    first.box(CHAT).digests.queue(DUE)
    const found = desk(kept(first)).box(CHAT).digests
    expect(found.state).toMatchObject({ schedule: SCHEDULE, dates: [DUE.date] })
    expect(found.post).toMatchObject({ ...DUE, state: 'due', isRepeat: false })
  })

  it('does not know after a kill how a call ended that was under way', () => {
    const first = desk()
    first.box(CHAT).digests.queue(DUE)
    first.box(CHAT).digests.begin(0)
    const { digests } = desk(kept(first)).box(CHAT)
    expect(digests.post).toMatchObject({ state: 'unsure' })
    expect(digests.begin(0)).toMatchObject({ isRepeat: true })
  })

  it('pays no heed to the end of one that has been replaced meanwhile', () => {
    const box = new DigestBox()
    box.queue(DUE)
    const tried = box.begin(0)
    box.queue({ ...DUE, date: '2026-11-22' })
    if (tried) box.conclude(tried, 'sent')
    expect(box.post).toMatchObject({ date: '2026-11-22', state: 'due' })
  })

  it('follows a group to its new id, and goes when the chat is forgotten', () => {
    const one = desk()
    one.box(CHAT).digests.queue(DUE)
    const before = kept(one)
    expect([...before.keys()]).toContain(`digest:${CHAT}`)
    const moves = new Map(one.migrate(CHAT, -100).map(({ key, value }) => [key, value]))
    expect(moves.get('digest:-100')).toMatchObject({ dates: [DUE.date] })
    expect(moves.has(`digest:${CHAT}`)).toBe(true)
    expect(moves.get(`digest:${CHAT}`)).toBeUndefined()
    one.close(-100)
    expect([...kept(one, moves).keys()]).not.toContain('digest:-100')
  })

  it('remembers dates enough for a clock that is set to and fro, and no more', () => {
    const box = new DigestBox()
    for (let n = 0; n < 500; n++) box.skip(`date ${n}`)
    expect(box.state.dates).toHaveLength(40)
    expect(box.state.dates.at(-1)).toBe('date 499')
  })
})

describe('a mailbox that an earlier version kept', () => {
  it('gets the usual digests, the first of them tomorrow', () => {
    const { digests: _, ...preferences } = USUAL_PREFERENCES
    const state = {
      preferences,
      mutes: [],
      nextLetter: 1,
      nextMute: 1,
      openedSteady: 0,
      isBack: false,
    }
    const { state: found, digests } = desk(
      new Map([[`mailbox:${CHAT}`, { version: 1, ...state }]]),
    ).box(CHAT)
    expect(found.preferences).toEqual(USUAL_PREFERENCES)
    const noon = DUE.dueAt + 4 * 3_600_000
    expect(digests.look(SCHEDULE, noon)).toBeUndefined()
    expect(digests.look(SCHEDULE, noon + 20 * 3_600_000)).toMatchObject({ date: '2026-11-22' })
  })
})
