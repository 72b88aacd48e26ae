/**
 * What the font of the charts draws: letters, digits, punctuation and symbols that both of its
 * weights have, none wider than 1.15 em, as ranges of code points in hex. A test reads them from the
 * font files.
 */
const DRAWABLE = `
20-7e a1-ac ae-148 14a-1c3 1c7-1c9 1cb-1f0 1f4-254 256-27b 27e-284 286-290 292-2a4 2a6-2ff
374-376 37a-37f 384-38a 38c 38e-3a1 3a3-3d7 3dc-3dd 3f0-3f6 3f9-3fa 3fc-46b 46d-477 480-482
48a-49d 4a0-4ff 52f e3f 1d00 1d0d 1d1b 1d43 1d47-1d49 1d4d 1d4f-1d50 1d52 1d56-1d58 1d5b
1d62-1d65 1d9c 1da0 1dbb 1dbf 1e00-1e9b 1e9d-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59
1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe
2010-2027 2032-2055 2057 2070-2071 2074-208e 2090-209c 20a0-20a7 20a9-20ae 20b1-20b5 20b8-20ba
20bc-20bf 2100-2101 2105-2106 2109 2113 2116-2117 211e-2122 2126 212a-212b 212e 2132 213b 214d
2150-2151 2153-2165 2168-216a 216c-2176 2178-217f 2183-2186 2189 2190-2193 2195-2199 21b0-21b1
21b3-21b5 21ba-21bb 21d0 21d2 21de-21df 21e4-21e5 21e7 21ea 2202 2205-2206 220f 2211-2212 221a
221e 222b 2236 2248 2260 2264-2265 2303-2305 2318 2325 2327 2380 2387 238b 23ce-23cf 2423
25a0-25a2 25aa 25b2-25b3 25b6-25b7 25ba-25bd 25c0-25c1 25c4-25c7 25ca-25cb 25cf 25e6 2600
2605-2606 263c 2661 2665 26a0 2713 2717 2756 2764 27ef 2913 2b06 2b12-2b13 2c7c 2c7f 2e18 a92e
1f12f 1f16a-1f16b
`

const RANGES = DRAWABLE.trim()
  .split(/\s+/)
  .map((range) => {
    const [first = '', last = first] = range.split('-')
    return { first: Number.parseInt(first, 16), last: Number.parseInt(last, 16) }
  })

/** Returns whether the font draws a character (a single code point). */
export function isDrawable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return RANGES.some(({ first, last }) => code >= first && code <= last)
}

/** No drawable character is wider, in ems. */
export const WIDEST = 1.15

// In ems, each a little more than the widest of its kind in either weight; a test reads the fonts.
const WIDTHS = [
  { characters: /^[ .,:;!|'`ijlI()[\]{}/\\ftr·1-]$/, width: 0.48 },
  { characters: /^[a-ln-vx-z0-9?*"^_–≈+<=>~$&#]$/, width: 0.7 },
  { characters: /^[A-LN-VX-Z₿¢£€]$/, width: 0.9 },
  {
    characters: /^[\u0430-\u0448\u044a-\u044d\u044f\u03b1-\u03c9\u00e0-\u00e5\u00e7-\u00ff]$/,
    width: 0.9,
  },
] as const

/** Returns how wide a text is at most, at a font size: 1 em is the size. */
export function widthOf(text: string, size: number): number {
  let ems = 0
  for (const character of text) {
    ems += WIDTHS.find(({ characters }) => characters.test(character))?.width ?? WIDEST
  }
  return ems * size
}
