/**
 * The look of all charts. A picture has its own dark ground, so that it reads alike in Telegram's dark
 * and light mode. It is 1,200 px wide and seen 360 px wide on a phone: texts have 26 px at least, which
 * are 8 there.
 */
export const WIDTH = 1_200
/** Space around all. */
export const MARGIN = 48

/** Font sizes, in px. */
export const SIZE = { title: 44, heading: 32, label: 28 } as const

/**
 * Colours; those of data are of Okabe and Ito's palette, which the colour-blind can tell apart, lighter
 * for the dark ground. Texts have a contrast of 7 to the ground at least.
 */
export const COLOUR = {
  ground: '#17212b',
  text: '#f4f7fa',
  muted: '#b3bfca',
  line: '#33414f',
  forwards: '#56b4e9',
  earned: '#2fc296',
  refusedForBalance: '#f0a31e',
  refusedOtherwise: '#8593a1',
  balance: '#56b4e9',
  uncovered: '#5c6b7a',
} as const

/** The family within the font files that the rasteriser has. */
export const FONT = 'Inter'
export const BOLD = 600
