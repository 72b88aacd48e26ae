// The program of the child process: reads one SVG from stdin and writes it as PNG to stdout, with
// the fonts beside it and none of the machine's.
import { readdirSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'

const FONTS = fileURLToPath(new URL('./fonts/', import.meta.url))

/** What texts are drawn in; the family's name within the font files. */
const FAMILY = 'Inter'

const fontFiles = readdirSync(FONTS)
  .filter((name) => name.endsWith('.ttf'))
  .map((name) => FONTS + name)
const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: FAMILY }
const svg = await buffer(process.stdin)
process.stdout.write(new Resvg(svg, { font }).render().asPng())
