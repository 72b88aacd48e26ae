import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FAILURE_DETAILS, WIRE_FAILURES } from '../../src/lightning/failure.ts'
import { FAILURE_TERMS, meantTerm } from '../../src/messages/failure-terms.ts'
import { isExplained } from '../../src/messages/failures.ts'
import { whyMessage, whyUsage } from '../../src/messages/why.ts'
import type { Refused } from '../../src/stats/views.ts'
import { expectValid } from '../support/telegram-html.ts'
import { read, shown } from './support.ts'

const REFUSED: readonly Refused[] = [
  { failure: 'FEE_INSUFFICIENT', attempts: 61, offeredMsat: 1n, volumeMsat: 1n },
  { failure: 'INSUFFICIENT_BALANCE', attempts: 1212, offeredMsat: 1n, volumeMsat: 1n },
]
const why = (asked: string) => whyMessage(asked, meantTerm(asked), REFUSED)

describe(meantTerm, () => {
  it.each([
    ['insufficient balance', 'INSUFFICIENT_BALANCE'],
    ['INSUFFICIENT_BALANCE', 'INSUFFICIENT_BALANCE'],
    ['insufficent balence', 'INSUFFICIENT_BALANCE'],
    ['balance', 'INSUFFICIENT_BALANCE'],
    ['Insufficient bandwidth to route HTLC', 'INSUFFICIENT_BALANCE'],
    ['TemporaryChannelFailure', 'TEMPORARY_CHANNEL_FAILURE'],
    ['temporary channel failure', 'TEMPORARY_CHANNEL_FAILURE'],
    ['fee insufficient', 'FEE_INSUFFICIENT'],
    ['unable to route payment to destination: FeeInsufficient', 'FEE_INSUFFICIENT'],
    [
      'unable to route payment to destination: TemporaryChannelFailure(update=…)',
      'TEMPORARY_CHANNEL_FAILURE',
    ],
    ['exceeds max', 'HTLC_EXCEEDS_MAX'],
    ['unknown peer', 'UNKNOWN_NEXT_PEER'],
    ['offline', 'UNKNOWN_NEXT_PEER'],
    ['in and out the same way', 'CIRCULAR_ROUTE'],
    ['15/6', 'INSUFFICIENT_BALANCE'],
    ['19/6', 'INSUFFICIENT_BALANCE'],
    ['12/1', 'FEE_INSUFFICIENT'],
    ['15/1', 'TEMPORARY_CHANNEL_FAILURE'],
    ['DETAIL_6', 'INSUFFICIENT_BALANCE'],
    ['wire_15', 'TEMPORARY_CHANNEL_FAILURE'],
    ['wire 99', 'WIRE_99'],
    ['15/99', 'DETAIL_99'],
    ['999', 'UNREADABLE_FAILURE'],
  ])('takes %s for %s', (text, term) => {
    expect(meantTerm(text)).toEqual({ kind: 'term', term })
  })

  it('never takes one term for another for a letter left out, doubled or swapped', () => {
    const misspelt = FAILURE_TERMS.flatMap((term) => {
      const text = term.toLowerCase().replaceAll('_', ' ')
      return [...text].flatMap((letter, i) => [
        [text.slice(0, i) + text.slice(i + 1), term],
        [text.slice(0, i) + letter + text.slice(i), term],
        [text.slice(0, i) + (text[i + 1] ?? '') + letter + text.slice(i + 2), term],
      ])
    })
    const answers = misspelt.map(([text = '', term]) => [meantTerm(text), term] as const)
    const sure = answers.filter(([meant]) => meant.kind === 'term')
    expect(sure.filter(([meant, term]) => meant.kind === 'term' && meant.term !== term)).toEqual([])
    expect(sure.length / answers.length).toBeGreaterThan(0.97)
    for (const [meant, term] of answers) {
      if (meant.kind === 'unknown') expect(meant.nearest).toContain(term)
    }
  })

  it('does not guess what is like nothing', () => {
    for (const text of ['no route', 'hello', '🦀', '<b>']) {
      expect(meantTerm(text)).toMatchObject({ kind: 'unknown' })
    }
    expect(why('invoice').buttons.length).toBe(4)
  })
})

describe(whyMessage, () => {
  it('has words of its own for everything that LND knows, by name and by number', () => {
    for (const [number, name] of Object.entries(FAILURE_DETAILS)) {
      expect(isExplained(name), name).toBe(true)
      expect(read(why(`detail_${number}`))).toContain(name)
    }
    for (const [number, name] of Object.entries(WIRE_FAILURES)) {
      expect(isExplained(name), name).toBe(true)
      expect(read(why(`wire ${number}`))).toContain(name)
      expectValid(why(name))
    }
  })

  it('reads well', async () => {
    const asked = ['15/6', 'fee insufficient', '15', 'wire 15', 'DETAIL_99', 'invoice', 'hello']
    const answers = [whyUsage(REFUSED), whyUsage([]), ...asked.map(why)]
    answers.forEach(expectValid)
    await expect(shown(...answers)).toMatchFileSnapshot('snapshots/why.html')
  })

  it('counts all that goes to payers under a wire code, and says what of it has no detail', () => {
    const text = read(why('TEMPORARY_CHANNEL_FAILURE'))
    expect(text).toMatch(/^With this code at this node in 7 days: 1,212 attempts\.$/m)
    expect(text).toMatch(/^Without a detail at this node in 7 days: not once\.$/m)
    expect(read(why('unknown next peer'))).toMatch(/one thing more, not counted here:$/m)
  })

  it('does not name a thing as another than itself', () => {
    for (const wire of Object.values(WIRE_FAILURES)) {
      const title = read(why(wire)).split('\n')[0]?.toLowerCase()
      for (const { label } of why(wire).buttons.flat()) expect(title).not.toContain(label)
    }
    const met = [{ failure: 'MPP_INVOICE_TIMEOUT', attempts: 4, offeredMsat: 1n, volumeMsat: 1n }]
    const timeout = read(whyMessage('mpp timeout', meantTerm('mpp timeout'), met))
    expect(timeout).toMatch(/At this node in 7 days: 4 attempts/)
    expect(timeout).not.toMatch(/one thing more/)
  })

  it('takes whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => expectValid(why(text))),
    )
  })
})
