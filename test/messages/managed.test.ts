import { describe, expect, it } from 'vitest'
import type { ManagedReport } from '../../src/lightning/managed-channel.ts'
import { managedBlock } from '../../src/messages/managed.ts'
import { message } from '../../src/messages/message.ts'
import { expectValid } from '../support/telegram-html.ts'
import { read } from './support.ts'

const NOTHING: ManagedReport = {
  rating: undefined,
  warnings: [],
  fees: undefined,
  flow: undefined,
  onChain: undefined,
  rebalances: undefined,
}

const CHANNEL: ManagedReport = {
  rating: 1234,
  warnings: ['Channel balance ranged from 2% to 97% in the past 7 days'],
  fees: { earnedMsat: 12_345_678n, sourcedMsat: 567_000n },
  flow: { forwardedOutMsat: 40_000_000_000n, forwardedInMsat: 2_000_000_000n, receivedMsat: 0n },
  onChain: { openMsat: 1_000_000n, closeMsat: 0n, sweepMsat: 0n },
  rebalances: {
    inMsat: 992_000_000n,
    inCostMsat: 201_000n,
    outMsat: 66_000_000n,
    outCostMsat: 1_500n,
  },
}

function shown(channel: ManagedReport | undefined, peer?: ManagedReport): string | undefined {
  const block = managedBlock({ channel, peer })
  if (block === undefined) return undefined
  expectValid(message(block))
  return read(message(block))
}

describe(managedBlock, () => {
  it('says what LND does not know: rating, warnings, and what the channel earned and cost', () => {
    expect(shown(CHANNEL)).toMatchInlineSnapshot(`
      "By lnd-manage, amounts of all time
      rating 1,234
      ⚠️ Channel balance ranged from 2% to 97% in the past 7 days
      earned 12,346 sat; what came in here earned 567 elsewhere
      40M sat forwarded out, 2M sat in
      refilled by 992k sat for 201 sat (202 ppm)
      refilled others by 66k sat for 1.5 sat
      on-chain fees: 1,000 sat to open"
    `)
  })

  it('says of the peer only what differs from the channel', () => {
    const fees = { earnedMsat: 99_000_000n, sourcedMsat: 0n }
    expect(shown(CHANNEL, CHANNEL)).toBe(shown(CHANNEL))
    const peer = { ...CHANNEL, rating: 77, fees, warnings: [] }
    expect(shown(CHANNEL, peer)?.split('\n').slice(-3)).toEqual([
      'The peer with all its channels:',
      'rating 77',
      'earned 99,000 sat; what came in here earned 0 elsewhere',
    ])
  })

  it('is not there when there is nothing to say', () => {
    const zero = {
      ...NOTHING,
      fees: { earnedMsat: 0n, sourcedMsat: 0n },
      flow: { forwardedOutMsat: 0n, forwardedInMsat: 0n, receivedMsat: 0n },
      onChain: { openMsat: 0n, closeMsat: 0n, sweepMsat: 0n },
      rebalances: { inMsat: 0n, inCostMsat: 0n, outMsat: 0n, outCostMsat: 0n },
    }
    expect(managedBlock(undefined)).toBeUndefined()
    expect(shown(NOTHING)).toBeUndefined()
    expect(shown(zero, zero)).toBeUndefined()
    expect(shown(undefined, CHANNEL)).toContain('The peer with all its channels:\nrating 1,234')
  })

  it('repeats warnings as they are, but as text, and not without end', () => {
    const warnings = [
      '<b>\u202ebold\u202c</b> & \n bad',
      'x'.repeat(9_000),
      'three',
      'four',
      'five',
    ]
    const text = shown({ ...NOTHING, warnings }) ?? ''
    expect(text).toContain('⚠️ <b>bold</b> & bad\n')
    expect(text).toContain('and 2 more of its warnings')
    expect(text.length).toBeLessThan(400)
  })
})
