/**
 * The look of all charts. A picture has its own dark ground, so that it reads alike in Telegram's dark
 * and light mode. It is laid out 960 px wide and seen 390 px wide on a phone: texts have 28 px at least,
 * which are 11 there.
 */
export const WIDTH = 960
/** How much larger it is drawn, 1,200 px wide: a phone's screen has three pixels for each of its 390. */
export const ZOOM = 1.25
/** Space around all. */
export const MARGIN = 40

/** Font sizes, in px. */
export const SIZE = { title: 38, heading: 32, label: 28 } as const

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
