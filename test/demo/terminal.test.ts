import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openTerminal, renderMessage, type Wish, wishOf } from '../../src/demo/terminal.ts'

describe(renderMessage, () => {
  it('shows the text as it is and numbers the buttons through all rows', () => {
    const shown = renderMessage({
      text: 'Top of Fountain <b>& Sons\nearned 12 sat',
      buttons: [['24h', '7d'], ['Next']],
      isEdited: false,
    })

    expect(shown.split('\n').slice(2)).toEqual([
      '│ Top of Fountain <b>& Sons',
      '│ earned 12 sat',
      '│ ',
      '│ [1] 24h  [2] 7d',
      '│ [3] Next',
    ])
  })

  it('lets no alias move the cursor or turn the direction of text', () => {
    const shown = renderMessage({ text: 'a\u001b[2Jb\u202ec', buttons: [], isEdited: true })

    expect(shown).toContain('│ a[2Jbc')
  })
})

describe(wishOf, () => {
  it('takes a number for a button, and everything else for something to say', () => {
    expect(wishOf(' 2 ')).toEqual({ kind: 'press', button: 1 })
    expect(wishOf('/channel alice')).toEqual({ kind: 'say', text: '/channel alice' })
    expect(wishOf('quit')).toEqual({ kind: 'quit' })
    expect(wishOf('')).toEqual({ kind: 'nothing' })
  })
})

describe(openTerminal, () => {
  it('goes on showing messages when the input has ended', async () => {
    const input = new PassThrough()
    const output = new PassThrough()
    const wishes: Wish[] = []
    using terminal = openTerminal({ input, output, onWish: (wish) => wishes.push(wish) })
    input.end('/top\n1\n')
    while (wishes.length < 2) await setImmediate()
    terminal.show({ text: 'still here', buttons: [], isEdited: false })

    expect(wishes).toEqual([
      { kind: 'say', text: '/top' },
      { kind: 'press', button: 0 },
    ])
    expect(String(output.read())).toContain('│ still here')
  })
})
