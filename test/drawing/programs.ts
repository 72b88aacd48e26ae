import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a child may run in place of the rasteriser. */
const PROGRAMS = {
  /** Notes in the file that its SVG names when it begins and ends; answers with a PNG's signature. */
  noting: `
    import { appendFile } from 'node:fs/promises'
    import { text } from 'node:stream/consumers'
    const file = await text(process.stdin)
    await appendFile(file, '+')
    await new Promise((resolve) => setTimeout(resolve, 50))
    await appendFile(file, '-')
    process.stdout.write(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))`,
  /** Writes its process id into the file that its SVG names, whole at once, and never ends. */
  lasting: `
    import { rename, writeFile } from 'node:fs/promises'
    import { text } from 'node:stream/consumers'
    const file = await text(process.stdin)
    await writeFile(file + '.new', String(process.pid))
    await rename(file + '.new', file)
    setInterval(() => undefined, 1000)`,
  /** Never ends. */
  endless: 'setInterval(() => undefined, 1000)',
  /** Dies as a native library does. */
  crashing: "process.kill(process.pid, 'SIGSEGV')",
  /** Complains about variables of the environment, if there are any. */
  curious: "if (Object.keys(process.env).length > 0) throw new Error('there are variables')",
  /** Reads nothing and answers nothing. */
  deaf: '',
} as const

/** Writes one of the programs into a folder and returns its path. */
export async function program(folder: string, name: keyof typeof PROGRAMS): Promise<string> {
  const path = join(folder, `${name}.mjs`)
  await writeFile(path, PROGRAMS[name])
  return path
}
