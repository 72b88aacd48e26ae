import { describe, expect, it } from 'vitest'
import { decide, type Question } from '../../src/alerts/decide.ts'
import { born } from '../../src/alerts/episode.ts'
import { HOUR_MS } from '../../src/alerts/kind.ts'
import { muteOf } from '../../src/alerts/mutes.ts'
import { USUAL_PREFERENCES } from '../../src/alerts/preferences.ts'
import { channel, NOW, peerOf, reading, spike } from './support.ts'

const MOMENT = { now: NOW, steady: 10 * HOUR_MS }
const ALERT = born('A3F7', reading('spike.local', channel(1)), MOMENT)
const CRIT = born('C019', reading('lnd.down', 'node'), MOMENT)
const PARENT = born('P001', reading('spike.node', 'node'), MOMENT)

function ask(parts: Partial<Question> = {}) {
  return decide({
    alert: ALERT,
    told: 0,
    held: undefined,
    parent: undefined,
    preferences: USUAL_PREFERENCES,
    mutes: [],
    ringsThisHour: 0,
    ringsOfSubject: 0,
    timeZone: 'UTC',
    peerOf,
    ...MOMENT,
    ...parts,
  })
}

function prefer(change: Partial<typeof USUAL_PREFERENCES>): Partial<Question> {
  return { preferences: { ...USUAL_PREFERENCES, ...change } }
}

function muted(subject: Question['alert']['subject'] | undefined, family: string | undefined) {
  return { mutes: [muteOf(1, { subject, family }, '1h', MOMENT)] }
}

const over = { ...ALERT, state: 'resolved' as const }
const night = { now: Date.parse('2026-11-21T23:30:00Z') }
const quiet = prefer({ quietHours: { from: 22 * 60, to: 7 * 60 } })

describe(decide, () => {
  it.each<[string, Partial<Question>, string, string]>([
    ['a new alert rings', {}, 'ring', 'fired'],
    ['one that was told does not', { told: 1 }, 'rest', 'told'],
    [
      'one that fired again does',
      { told: 1, alert: { ...ALERT, rings: 2, ringCause: 'again' } },
      'ring',
      'again',
    ],
    [
      'a reminder rings',
      { told: 1, alert: { ...CRIT, rings: 2, ringCause: 'reminder' } },
      'ring',
      'reminder',
    ],
    [
      'a reminder of what was taken on meanwhile does not',
      {
        told: 1,
        alert: { ...CRIT, rings: 2, ringCause: 'reminder', acknowledged: { by: '@bob', at: NOW } },
      },
      'rest',
      'taken-on',
    ],
    ['part of another is not told by itself', { parent: PARENT }, 'hold', 'absorbed'],
    [
      'unless the other is switched off here',
      { parent: PARENT, ...prefer({ loudness: { 'spike.node': 'off' } }) },
      'ring',
      'fired',
    ],
    [
      'one just set free waits',
      { alert: { ...ALERT, aloneMs: 10_000 } },
      'hold',
      'set-free-just-now',
    ],
    ['a muted channel is held', muted(channel(1), 'spike'), 'hold', 'muted'],
    ['a muted peer holds its channels', muted('peer:peer0', 'spike'), 'hold', 'muted'],
    ['a mute of another family does not', muted(channel(1), 'liq'), 'ring', 'fired'],
    ['a muted family is held everywhere', muted(undefined, 'spike'), 'hold', 'muted'],
    [
      'critical ones pierce a mute of everything',
      { alert: CRIT, ...muted(undefined, undefined) },
      'ring',
      'fired',
    ],
    ['but not one that names them', { alert: CRIT, ...muted(undefined, 'lnd') }, 'hold', 'muted'],
    [
      'a mute that is over holds nothing',
      { ...muted(channel(1), 'spike'), now: NOW + HOUR_MS },
      'ring',
      'fired',
    ],
    [
      'nor one whose clock was set back',
      { ...muted(channel(1), 'spike'), now: NOW - HOUR_MS, steady: MOMENT.steady + HOUR_MS },
      'ring',
      'fired',
    ],
    ['a warning waits in quiet hours', { ...quiet, ...night }, 'hold', 'quiet-hours'],
    ['a critical one does not', { ...quiet, ...night, alert: CRIT }, 'ring', 'fired'],
    ['what waited rings when they end', { ...quiet, held: 'quiet-hours' }, 'ring', 'held-no-more'],
    [
      'what was over by then is said without a sound',
      { ...quiet, held: 'quiet-hours', alert: over },
      'whisper',
      'over-before-told',
    ],
    [
      'what was over within a mute is not said',
      { held: 'muted', alert: over },
      'rest',
      'over-while-held',
    ],
    ['what was over before it could be told is', { alert: over }, 'whisper', 'over-before-told'],
    ['the seventh warning in an hour has no sound', { ringsThisHour: 6 }, 'whisper', 'capped'],
    ['the third of a channel in a day neither', { ringsOfSubject: 2 }, 'whisper', 'capped'],
    ['critical ones are not capped', { alert: CRIT, ringsThisHour: 60 }, 'ring', 'fired'],
    [
      'a kind may be silent',
      prefer({ loudness: { 'spike.local': 'silent' } }),
      'whisper',
      'silent-kind',
    ],
    ['or for the digest', prefer({ loudness: { 'spike.local': 'digest' } }), 'hold', 'digest-only'],
    [
      'as what is light by nature',
      { alert: { ...ALERT, severity: 'digest' } },
      'hold',
      'digest-only',
    ],
    ['or off', prefer({ loudness: { 'spike.local': 'off' } }), 'hold', 'switched-off'],
    [
      'a spike needs the sensitivity that it rings at',
      { alert: { ...ALERT, facts: spike({ sensitivity: 'high' }) } },
      'hold',
      'below-sensitivity',
    ],
    [
      'and rings at it',
      {
        alert: { ...ALERT, facts: spike({ sensitivity: 'high' }) },
        ...prefer({ sensitivity: 'high' }),
      },
      'ring',
      'fired',
    ],
    [
      'missed revenue needs the chat’s threshold',
      {
        alert: born('R1', reading('revenue.missed', 'node'), MOMENT),
        ...prefer({ revenueMsat: 3_000_000n }),
      },
      'hold',
      'below-threshold',
    ],
    [
      'the last resort hears nothing at first',
      { alert: CRIT, ...prefer({ isSecond: true }) },
      'hold',
      'not-for-this-chat',
    ],
    [
      'and rings when nobody answered',
      { alert: { ...CRIT, reminders: 4 }, ...prefer({ isSecond: true }) },
      'ring',
      'fired',
    ],
  ])('%s', (_sentence, parts, act, reason) => {
    expect(ask(parts)).toEqual({ act, reason })
  })
})
