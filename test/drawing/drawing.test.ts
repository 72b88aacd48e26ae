import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it, vi } from 'vitest'
import { DrawingError, openDrawing } from '../../src/drawing/drawing.ts'
import { temporaryFolder } from '../support/folder.ts'
import { program } from './programs.ts'

const FONTS = new URL('../../src/drawing/fonts/', import.meta.url)

function svg(inner: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80" viewBox="0 0 300 80"><rect width="300" height="80" fill="#fff"/>${inner}</svg>`
}

const HELLO = svg('<text x="10" y="50" font-family="Inter" font-size="40">Forwards</text>')

/** Width and height, from the first chunk of a PNG. */
function sizeOf(png: Uint8Array): readonly number[] {
  const bytes = Buffer.from(png)
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

describe(openDrawing, () => {
  it('draws an SVG as PNG in its own size', async () => {
    await using drawing = openDrawing()
    const png = await drawing.draw(HELLO)
    expect(Buffer.from(png.subarray(0, 8)).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
    expect(sizeOf(png)).toEqual([300, 80])
  })

  it('draws texts in the fonts that come with it', async () => {
    await using drawing = openDrawing()
    const [written, blank] = await Promise.all([drawing.draw(HELLO), drawing.draw(svg(''))])
    expect(Buffer.from(written).equals(Buffer.from(blank))).toBe(false)
    // Without a font the rasteriser leaves texts out, and says nothing.
    const fontless = new Resvg(HELLO, { font: { loadSystemFonts: false } }).render().asPng()
    const empty = new Resvg(svg(''), { font: { loadSystemFonts: false } }).render().asPng()
    expect(fontless.equals(empty)).toBe(true)
  })

  it('has the two weights that titles and labels are drawn in, and their licence', async () => {
    await using drawing = openDrawing()
    const bold = HELLO.replace('font-family', 'font-weight="600" font-family')
    const [regular, semiBold] = await Promise.all([drawing.draw(HELLO), drawing.draw(bold)])
    expect(Buffer.from(regular).equals(Buffer.from(semiBold))).toBe(false)
    expect(await readdir(FONTS)).toEqual(['Inter-Regular.ttf', 'Inter-SemiBold.ttf', 'OFL.txt'])
    expect(await readFile(new URL('OFL.txt', FONTS), 'utf8')).toContain('SIL OPEN FONT LICENSE')
  })

  it('says what is wrong with what is no SVG', async () => {
    await using drawing = openDrawing()
    await expect(drawing.draw('<svg')).rejects.toThrow(
      /^the picture could not be drawn \(SVG data parsing failed/,
    )
    await expect(drawing.draw(HELLO.padEnd(2_000_000))).rejects.toThrow('too large to be drawn')
  })

  it('draws two at once, and the others as soon as one of them is done', async () => {
    await using folder = await temporaryFolder()
    await using drawing = openDrawing({ program: await program(folder.path, 'noting') })
    const notes = join(folder.path, 'notes')
    await Promise.all(Array.from({ length: 7 }, () => drawing.draw(notes)))
    const running: number[] = []
    for (const note of await readFile(notes, 'utf8')) {
      running.push((running.at(-1) ?? 0) + (note === '+' ? 1 : -1))
    }
    expect(running).toHaveLength(14)
    expect(Math.max(...running)).toBe(2)
  })

  it('refuses more than a bounded number that waits, and draws again once there is room', async () => {
    await using folder = await temporaryFolder()
    const options = { program: await program(folder.path, 'noting'), atOnce: 1, mostWaiting: 1 }
    await using drawing = openDrawing(options)
    const notes = join(folder.path, 'notes')
    const drawn = [drawing.draw(notes), drawing.draw(notes)]
    await expect(drawing.draw(notes)).rejects.toThrow('1 pictures wait to be drawn already')
    await Promise.all(drawn)
    await drawing.draw(notes)
    expect(await readFile(notes, 'utf8')).toBe('+-+-+-')
  })

  it('ends a child that takes too long, and draws on', async () => {
    await using folder = await temporaryFolder()
    const endless = await program(folder.path, 'endless')
    await using drawing = openDrawing({ program: endless, atOnce: 1, timeLimitMs: 50 })
    const drawn = [drawing.draw(HELLO), drawing.draw(HELLO)]
    for (const one of drawn) await expect(one).rejects.toThrow('was not drawn within 50 ms')
  })

  it('survives the crash of a child, and one that does not answer with a picture', async () => {
    await using folder = await temporaryFolder()
    await using crash = openDrawing({ program: await program(folder.path, 'crashing') })
    await expect(crash.draw(HELLO)).rejects.toThrow('could not be drawn (SIGSEGV)')
    await using deaf = openDrawing({ program: await program(folder.path, 'deaf') })
    await expect(deaf.draw(HELLO.padEnd(900_000))).rejects.toThrow('is no picture')
  })

  it('hands no variable of the environment to the child', async () => {
    await using folder = await temporaryFolder()
    vi.stubEnv('TELEGRAM_BOT_TOKEN', '123456:secret')
    const path = await program(folder.path, 'curious')
    await using drawing = openDrawing({ program: path })
    await expect(drawing.draw(HELLO)).rejects.toThrow('is no picture')
    vi.unstubAllEnvs()
  })

  it('ends what is being drawn and turns away what waits when it is disposed', async () => {
    await using folder = await temporaryFolder()
    const drawing = openDrawing({ program: await program(folder.path, 'lasting'), atOnce: 1 })
    const notes = join(folder.path, 'notes')
    const drawn = [drawing.draw(notes), drawing.draw(notes)].map(failure)
    const child = Number(await vi.waitFor(() => readFile(notes, 'utf8')))
    await drawing[Symbol.asyncDispose]()
    expect(() => process.kill(child, 0)).toThrow('ESRCH')
    for (const one of drawn) expect(await one).toEqual(new DrawingError('the program ends'))
    await expect(drawing.draw(notes)).rejects.toThrow('the program ends')
  })

  it('starts no child once it is disposed, not for what was asked for just before', async () => {
    await using folder = await temporaryFolder()
    const drawing = openDrawing({ program: await program(folder.path, 'lasting') })
    const drawn = failure(drawing.draw(join(folder.path, 'notes')))
    await drawing[Symbol.asyncDispose]()
    expect(await drawn).toEqual(new DrawingError('the program ends'))
    expect(await readdir(folder.path)).toEqual(['lasting.mjs'])
  })
})

/** Awaits the error that something rejects with. */
function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}
