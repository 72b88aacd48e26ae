import { describe, expect, it } from 'vitest'
import { createPairingCode } from '../../src/bot/pairing.ts'
import { Transcript } from '../support/transcript.ts'
import { ADMIN, FakeDocuments, GROUP, NOW, OWNER, setUp } from './support.ts'

const snapshot = (name: string) => `snapshots/${name}.txt`

describe('a conversation', () => {
  it('of a newcomer: a stranger, then paired, then looking round', async () => {
    const documents = new FakeDocuments()
    const code = await createPairingCode(documents, NOW)
    await using on = await setUp({ chatIds: [], documents })
    const talk = new Transcript(on, OWNER)
    await talk.say('hello')
    await talk.say('/start 0000-0000')
    await talk.say(`/start ${code}`)
    await talk.say('/help')
    await talk.say('what is this')
    await talk.press('status')
    await talk.say('/timezone new york')
    await expect(
      String(talk)
        .replaceAll(code, 'THE-CODE')
        .replace(/running for [\d.]+ s/, 'running for 2 s'),
    ).toMatchFileSnapshot(snapshot('newcomer'))
  })

  it('at breakfast: what was missed, why, and what to do', async () => {
    await using on = await setUp({ timeZone: 'Europe/Berlin' })
    const talk = new Transcript(on, OWNER)
    await talk.say('/top')
    await talk.press('1')
    await talk.press('Refusals')
    await talk.press('‹ alice')
    await talk.press('Why this number')
    await talk.press('‹ alice')
    await talk.press('Demands')
    await talk.press('more ›')
    await talk.press('9')
    await talk.press('Ignore this demand')
    await expect(String(talk)).toMatchFileSnapshot(snapshot('breakfast'))
  })

  it('of somebody who does not know the words yet', async () => {
    await using on = await setUp()
    const talk = new Transcript(on, OWNER)
    await talk.say('/balance')
    await talk.say('/top everything')
    await talk.say('/channel')
    await talk.say('/channel alice')
    await talk.say('/channel zoe')
    await talk.say('/why offline')
    await talk.say('/why')
    await talk.press('peer was offline')
    await talk.press('Where it happens')
    await expect(String(talk)).toMatchFileSnapshot(snapshot('words'))
  })

  it('in a topic of a group, with those who may change things and those who may not', async () => {
    await using on = await setUp({ chatIds: [GROUP] })
    on.api.group({ id: GROUP, title: 'Operators', administrators: [ADMIN], topics: [9] })
    const talk = new Transcript(on, GROUP, { threadId: 9, from: 8 })
    await talk.say('/earnings@missed_sats_bot')
    await talk.press('14 d')
    await talk.say('/settings privacy on')
    await talk.say('/settings formats')
    await expect(String(talk)).toMatchFileSnapshot(snapshot('group'))
    expect(on.api.messages(GROUP).map(({ threadId }) => threadId)).toEqual([9, 9, 9])
  })
})
