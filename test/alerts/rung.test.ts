import { describe, expect, it } from 'vitest'
import { Rung } from '../../src/alerts/rung.ts'
import type { Reading } from '../../src/analyzer/reading.ts'
import { channel, NOW, peerOf, RULES, reading, spike } from './support.ts'

function play(rung: Rung, from: number, minutes: number, ...readings: readonly Reading[]): number {
  for (let i = 0; i < minutes; i++) rung.minute(from + i * 60_000, readings, new Set())
  return from + minutes * 60_000
}

describe(Rung, () => {
  it('tells when what rang fired and was over, by the time that is played', () => {
    const rung = new Rung(RULES, peerOf)
    const end = play(rung, NOW, 10, reading('spike.local', channel(1)))
    play(rung, end, 40)
    expect(rung.all()).toEqual([
      {
        kind: 'spike.local',
        subject: channel(1),
        severity: 'warn',
        firedAt: NOW + 30_000,
        resolvedAt: expect.any(Number),
      },
    ])
    expect(rung.all()[0]?.resolvedAt).toBeCloseTo(end + 30 * 60_000, -5)
  })

  it('leaves out what was part of another and what only a more sensitive chat would hear', () => {
    const rung = new Rung(RULES, peerOf)
    const faint = reading('spike.local', channel(30), { facts: spike({ sensitivity: 'high' }) })
    play(rung, NOW, 5, reading('spike.node', 'node'), reading('spike.local', channel(1)))
    expect(rung.all().map(({ kind }) => kind)).toEqual(['spike.node'])
    play(new Rung(RULES, peerOf), NOW, 5, faint)
    const quiet = new Rung(RULES, peerOf)
    play(quiet, NOW, 5, faint)
    expect(quiet.all()).toEqual([])
    const sensitive = new Rung(RULES, peerOf, 'high')
    play(sensitive, NOW, 5, faint)
    expect(sensitive.all()).toHaveLength(1)
  })

  it('keeps those apart that fired again', () => {
    const rung = new Rung(RULES, peerOf)
    const lost = reading('peer.offline', 'peer:peer0')
    let now = play(rung, NOW, 20, lost)
    now = play(rung, now, 10)
    play(rung, now, 20, lost)
    expect(rung.all().map(({ resolvedAt }) => resolvedAt !== undefined)).toEqual([true, false])
  })
})
