import { readFile } from 'node:fs/promises'

/** What a TrueType font says of itself. */
export type Font = {
  /** The width of each code point that it draws, in ems. */
  widths: ReadonlyMap<number, number>
}

/** Reads which code points a font file draws (`cmap`) and how wide they are (`hmtx`). */
export async function readFont(path: URL): Promise<Font> {
  const bytes = await readFile(path)
  const tables = new Map<string, number>()
  for (let i = 0; i < bytes.readUInt16BE(4); i++) {
    const at = 12 + i * 16
    tables.set(bytes.toString('latin1', at, at + 4), bytes.readUInt32BE(at + 8))
  }
  const table = (name: string) => tables.get(name) ?? 0
  const unitsPerEm = bytes.readUInt16BE(table('head') + 18)
  const lastMetric = bytes.readUInt16BE(table('hhea') + 34) - 1
  const widths = new Map<number, number>()
  for (const [codePoint, glyph] of glyphsOf(bytes, table('cmap'))) {
    const at = table('hmtx') + Math.min(glyph, lastMetric) * 4
    widths.set(codePoint, bytes.readUInt16BE(at) / unitsPerEm)
  }
  return { widths }
}

/** Reads the full-range subtable (format 12) of a `cmap`. */
function* glyphsOf(bytes: Buffer, cmap: number): Generator<readonly [number, number]> {
  for (let i = 0; i < bytes.readUInt16BE(cmap + 2); i++) {
    const subtable = cmap + bytes.readUInt32BE(cmap + 4 + i * 8 + 4)
    if (bytes.readUInt16BE(subtable) !== 12) continue
    for (let group = 0; group < bytes.readUInt32BE(subtable + 12); group++) {
      const at = subtable + 16 + group * 12
      const [first, last, glyph] = [0, 4, 8].map((offset) => bytes.readUInt32BE(at + offset))
      for (let code = first ?? 0; code <= (last ?? 0); code++) {
        yield [code, (glyph ?? 0) + code - (first ?? 0)]
      }
    }
    return
  }
  throw new Error('the font has no full-range subtable')
}
